import type { Taken, WantedWeight } from '../analysis.ts'
import { addProduct, rowMajorView, transposedView, type MatrixView } from '../matrix-product.ts'

/** Both embeddings, from tokens on; the first whole before the second begins. */
export const embeddingAddresses: readonly WantedWeight[] = [
  { role: 'W_E', layer: null, head: null },
  { role: 'W_U', layer: null, head: null, transposed: true }
]

/**
 * W_U W_E, by which what is written at one token's place tells of what is read at another's: its rows are what the
 * unembedding reads, its columns what the embedding gives.
 */
export function unembeddingByEmbedding() {
  let embedding: Float32Array | null = null
  let product: { readonly data: Float64Array; readonly view: MatrixView } | null = null

  function take({ address, shape, start, data }: Extract<Taken, { kind: 'weight' }>): void {
    const [tokens = 0, width = 0] = shape
    if (address.role === 'W_E') {
      embedding ??= new Float32Array(tokens * width)
      embedding.set(data, start * width)
      return
    }
    if (embedding === null) return
    const inner = embedding.length / tokens
    // Of other tokens than the embedding there is no way round.
    if (!Number.isInteger(inner)) return
    const sum = (product ??= emptyProduct(width, inner)).data
    const rows = data.length / width
    const own = embedding.subarray(start * inner, (start + rows) * inner)
    addProduct(sum, transposedView(rowMajorView(data, rows, width)), rowMajorView(own, rows, inner))
  }

  return {
    take,
    /** [d_model, d_model]; null where the model lacks one of them, or where they are not as wide as what heads read. */
    result(dModel: number): MatrixView | null {
      embedding = null
      const view = product?.view
      return view?.rows === dModel && view.columns === dModel ? view : null
    }
  }
}

function emptyProduct(rows: number, columns: number) {
  const data = new Float64Array(rows * columns)
  return { data, view: rowMajorView(data, rows, columns) }
}
