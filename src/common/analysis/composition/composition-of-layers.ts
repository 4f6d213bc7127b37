import {
  gramMatrix,
  matrixProduct,
  rowMajorView,
  transposedView,
  type MatrixView
} from '../matrix-product.ts'
import { headMatrices, type LayerWeights } from '../head-weights/layer-weights.ts'

/** By what of a later head. */
export const kinds = ['Q', 'K', 'V'] as const
export type CompositionKind = (typeof kinds)[number]

/**
 * Composition scores of heads whose layers are added one after the other. Of a product V₁ (O₁ A) Bᵀ only what lies between its
 * outer matrices is formed, [d_head, d_head]: its square is Σ of the numbers of G_V X by those of X G_B, X = O₁ A, G = MᵀM.
 * @returns scores [layer, head, later layer, later head], 0 where the second is no later one
 */
export function createComposition(layers: number, heads: number) {
  const size = (layers * heads) ** 2
  const scores = Object.fromEntries(kinds.map(kind => [kind, new Float64Array(size)])) as Record<
    CompositionKind,
    Float64Array
  >
  /** Of each head so far what it writes with, and the gram matrix and norm of its OV circuit. */
  const earlier: { readonly o: MatrixView; readonly v: MatrixView; readonly norm: number }[] = []
  let done = 0

  function add(layer: LayerWeights): void {
    const grams = new Map<MatrixView, MatrixView>()
    const gramOf = (matrix: MatrixView) => {
      const found = grams.get(matrix) ?? squareView(gramMatrix(matrix))
      grams.set(matrix, found)
      return found
    }
    const own = layer.q.map((_, head) => {
      const { q, k, v, o } = headMatrices(layer, head)
      const [gramQ, gramK, gramV] = [gramOf(q), gramOf(k), gramOf(v)]
      const gramO = squareView(gramMatrix(transposedView(o)))
      return {
        ...{ q, k, v, o, gramQ, gramK, gramV, gramO },
        qk: Math.sqrt(sumOfProducts(gramQ.data, gramK.data)),
        ov: Math.sqrt(sumOfProducts(gramV.data, gramO.data))
      }
    })
    earlier.forEach((one, first) => {
      // Heads that share keys and values share what is read by them.
      const read = new Map<MatrixView, Float64Array>()
      const between = (matrix: MatrixView) => {
        const found = read.get(matrix) ?? matrixProduct(one.o, matrix)
        read.set(matrix, found)
        return found
      }
      own.forEach((later, head) => {
        const at = (first * layers + done) * heads + head
        const norm = (x: Float64Array, outer: MatrixView) => {
          const view = rowMajorView(x, one.v.rows, outer.rows)
          return Math.sqrt(
            Math.max(0, sumOfProducts(matrixProduct(one.v, view), matrixProduct(view, outer)))
          )
        }
        scores.Q[at] = norm(between(later.q), later.gramK) / (one.norm * later.qk)
        scores.K[at] = norm(between(later.k), later.gramQ) / (one.norm * later.qk)
        scores.V[at] = norm(between(later.v), later.gramO) / (one.norm * later.ov)
      })
    })
    for (const { o, gramV, ov } of own) earlier.push({ o, v: gramV, norm: ov })
    done++
  }

  return { scores, add }
}

/** Σ of the numbers of one by those of the other. */
function sumOfProducts(a: MatrixView['data'], b: MatrixView['data']): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function squareView(data: Float64Array): MatrixView {
  const n = Math.sqrt(data.length)
  return rowMajorView(data, n, n)
}
