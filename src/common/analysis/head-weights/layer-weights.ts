import { matrixProduct, rowMajorView, transposedView, type MatrixView } from '../matrix-product.ts'
import { eigenvalues } from '../eigenvalues.ts'
import { singularValues } from '../singular-values.ts'
import { triangularFactor } from '../triangular-factor.ts'

/** The weights of all heads of a layer, each as [in, out]; those of a group of queries share a key/value head. */
export interface LayerWeights {
  /** [d_model, d_head] of each head. */
  readonly q: readonly MatrixView[]
  /** [d_model, d_head] of each key/value head. */
  readonly k: readonly MatrixView[]
  readonly v: readonly MatrixView[]
  /** [d_head, d_model] of each head. */
  readonly o: readonly MatrixView[]
}

/** The weights of one head, the shared ones among them. */
export interface HeadMatrices {
  readonly q: MatrixView
  readonly k: MatrixView
  readonly v: MatrixView
  readonly o: MatrixView
}

export function headMatrices({ q, k, v, o }: LayerWeights, head: number): HeadMatrices {
  const group = Math.floor(head / (q.length / k.length))
  return { q: q[head]!, k: k[group]!, v: v[group]!, o: o[head]! }
}

/**
 * Eigenvalues of W_Q W_Kᵀ and W_V W_O that can be non-zero: those of W_Kᵀ W_Q and W_O W_V.
 * @returns each [d_head, real and imaginary part]
 */
export function circuitEigenvalues({ q, k, v, o }: HeadMatrices) {
  const n = q.columns
  return {
    qk: eigenvalues(matrixProduct(transposedView(k), q), n),
    ov: eigenvalues(matrixProduct(o, v), n)
  }
}

/**
 * Singular values of W_Q W_Kᵀ and W_V W_O that can be non-zero: those of R_Q R_Kᵀ, and of R_V R_Oᵀ with R_O of W_Oᵀ.
 * @returns each [d_head]
 */
export function circuitSingularValues({ q, k, v, o }: HeadMatrices) {
  const product = (a: MatrixView, b: MatrixView) => {
    const [left, right] = [factor(a), factor(b)]
    return singularValues(squareView(matrixProduct(left, transposedView(right)), left.rows))
  }
  return { qk: product(q, k), ov: product(v, transposedView(o)) }
}

/** R of a matrix, or what there is of it where it is wider than high. */
function factor(a: MatrixView): MatrixView {
  return a.rows < a.columns ? a : squareView(triangularFactor(a), a.columns)
}

/**
 * Eigenvalues of W_E W_V W_O W_U, from token to token, that can be non-zero: those of W_O (W_U W_E) W_V.
 * @param through W_U W_E, [d_model, d_model]
 * @returns [d_head, real and imaginary part]
 */
export function fullEigenvalues({ v, o }: HeadMatrices, through: MatrixView): Float64Array {
  const half = rowMajorView(matrixProduct(o, through), o.rows, through.columns)
  return eigenvalues(matrixProduct(half, v), v.columns)
}

/** Σ Re λ / Σ |λ|; NaN where all are zero. @param eigen [eigenvalue, real and imaginary part] */
export function copyingScore(eigen: Float64Array): number {
  let real = 0
  let size = 0
  for (let i = 0; i < eigen.length; i += 2) {
    real += eigen[i]!
    size += Math.hypot(eigen[i]!, eigen[i + 1]!)
  }
  return real / size
}

export function frobeniusNorm({ data }: Pick<MatrixView, 'data'>): number {
  let square = 0
  for (const value of data) square += value * value
  return Math.sqrt(square)
}

function squareView(data: Float64Array, n: number): MatrixView {
  return rowMajorView(data, n, n)
}
