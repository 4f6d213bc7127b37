import { wardLinkage } from '../head-distances/ward-linkage.ts'
import { gramMatrix, matrixProduct, transposedView, type MatrixView } from '../matrix-product.ts'
import { headMatrices, type LayerWeights } from './layer-weights.ts'

/**
 * Σ x y of each two matrices, of all their numbers.
 * @returns [matrix, matrix]
 */
export function innerProducts(matrices: readonly MatrixView[]): Float64Array {
  const [first] = matrices
  const size = first?.data.length ?? 0
  const data = new Float32Array(matrices.length * size)
  matrices.forEach((matrix, i) => data.set(matrix.data, i * size))
  return gramMatrix({
    data,
    rows: size,
    columns: matrices.length,
    rowStep: 1,
    columnStep: size
  })
}

/**
 * Σ x y of each two circuits W_Q W_Kᵀ, and of each two W_V W_O, without any of them being formed:
 * ⟨Q₁K₁ᵀ, Q₂K₂ᵀ⟩ is Σ of the numbers of Q₁ᵀQ₂ by those of K₁ᵀK₂, and ⟨V₁O₁, V₂O₂⟩ of V₁ᵀV₂ by those of O₁O₂ᵀ.
 * @param layers all of the same heads
 * @returns each [head, head], heads being counted layer by layer
 */
export function circuitProducts(layers: readonly LayerWeights[]) {
  const heads = layers.flatMap(layer => layer.q.map((_, head) => headMatrices(layer, head)))
  const n = heads.length
  const products = (left: (of: (typeof heads)[number]) => readonly [MatrixView, MatrixView]) => {
    const found = new Float64Array(n * n)
    const known = new Map<MatrixView, Map<MatrixView, Float64Array>>()
    /** aᵀ b; heads that share a matrix share its products. */
    const product = (a: MatrixView, b: MatrixView) => {
      const own = known.get(a) ?? new Map<MatrixView, Float64Array>()
      known.set(a, own)
      const result = own.get(b) ?? matrixProduct(transposedView(a), b)
      own.set(b, result)
      return result
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const [[a, b], [c, d]] = [left(heads[i]!), left(heads[j]!)]
        const [x, y] = [product(a, c), product(b, d)]
        let sum = 0
        for (let at = 0; at < x.length; at++) sum += x[at]! * y[at]!
        found[i * n + j] = found[j * n + i] = sum
      }
      known.clear()
    }
    return found
  }
  return {
    qk: products(({ q, k }) => [q, k]),
    ov: products(({ v, o }) => [v, transposedView(o)])
  }
}

/** The angle between each two things, by its cosine. @param products Σ x y of each two, [thing, thing] */
export function cosines(products: Float64Array, n: number): Float64Array {
  return products.map((product, i) => {
    const [a, b] = [Math.floor(i / n), i % n]
    return product / Math.sqrt(products[a * n + a]! * products[b * n + b]!)
  })
}

/**
 * Ward's clustering of things by the distances between them.
 * @param products Σ x y of each two, [thing, thing]
 * @param start the first thing and @param count how many
 * @returns [merge, its two clusters, height and size], numbered from 0 as SciPy numbers them; NaN where they are not finite
 */
export function wardOf(products: Float64Array, n: number, start = 0, count = n): Float64Array {
  const distances = Float64Array.from({ length: count * count }, (_, i) => {
    const [a, b] = [start + Math.floor(i / count), start + (i % count)]
    const square = products[a * n + a]! + products[b * n + b]! - 2 * products[a * n + b]!
    return a === b ? 0 : Math.sqrt(Math.max(0, square))
  })
  if (!distances.every(Number.isFinite)) return new Float64Array(4 * (count - 1)).fill(NaN)
  return Float64Array.from(
    wardLinkage(distances, count).flatMap(({ first, second, height, size }) => [
      first,
      second,
      height,
      size
    ])
  )
}
