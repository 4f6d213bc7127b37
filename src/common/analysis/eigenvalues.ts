/**
 * The eigenvalues of a real matrix, largest magnitude first; of equal magnitude in no order.
 * @param matrix [n, n], row-major
 * @returns [n, real and imaginary part]; NaN where the matrix is not finite
 * @source Golub & Van Loan, Matrix Computations, sections 7.4 (Householder reduction to Hessenberg form) and 7.5 (QR steps
 * with shifts), here with Givens rotations of complex numbers
 */
export function eigenvalues(matrix: Float64Array, n: number): Float64Array {
  if (!matrix.every(Number.isFinite)) return new Float64Array(2 * n).fill(NaN)
  const real = hessenberg(matrix, n)
  const found = diagonalOfSchur({ re: real, im: new Float64Array(n * n) }, n)
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    const [one, other] = [a, b].map(i => Math.hypot(found.re[i]!, found.im[i]!))
    return other! - one!
  })
  return Float64Array.from({ length: 2 * n }, (_, i) => {
    const { re, im } = found
    return (i % 2 === 0 ? re : im)[order[i >> 1]!]!
  })
}

/** A similar matrix that is zero below its first subdiagonal. */
function hessenberg(matrix: Float64Array, n: number): Float64Array {
  const h = matrix.slice()
  const v = new Float64Array(n)
  for (let column = 0; column < n - 2; column++) {
    let norm = 0
    for (let i = column + 1; i < n; i++) norm = Math.hypot(norm, (v[i] = h[i * n + column]!))
    if (norm === 0) continue
    v[column + 1]! += v[column + 1]! < 0 ? -norm : norm
    let square = 0
    for (let i = column + 1; i < n; i++) square += v[i]! ** 2
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let i = column + 1; i < n; i++) sum += v[i]! * h[i * n + j]!
      for (let i = column + 1; i < n; i++) h[i * n + j]! -= (2 * sum * v[i]!) / square
    }
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = column + 1; j < n; j++) sum += h[i * n + j]! * v[j]!
      for (let j = column + 1; j < n; j++) h[i * n + j]! -= (2 * sum * v[j]!) / square
    }
    for (let i = column + 2; i < n; i++) h[i * n + column] = 0
  }
  return h
}

/** Complex numbers, side by side. */
interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Steps that may pass before an eigenvalue is found; each takes two or three. */
const mostSteps = 100

/** The diagonal that QR steps turn a Hessenberg matrix towards, from its end on; in place. */
function diagonalOfSchur(h: Complex, n: number): Complex {
  const { re, im } = h
  const size = (at: number) => Math.hypot(re[at]!, im[at]!)
  let end = n - 1
  let steps = 0
  while (end > 0) {
    let start = end
    while (start > 0) {
      const at = start * n + start
      const below = size(at - 1)
      if (below <= Number.EPSILON * (size(at - n - 1) + size(at))) {
        re[at - 1] = im[at - 1] = 0
        break
      }
      start--
    }
    if (start === end || ++steps > mostSteps) {
      if (start !== end) re[end * n + end] = im[end * n + end] = NaN
      end--
      steps = 0
      continue
    }
    // A shift that goes in circles is left for another one now and then.
    const shift = steps % 10 === 0 ? ([size(end * n + end - 1), 0] as const) : shiftOf(h, n, end)
    stepOf(h, n, start, end, shift)
  }
  return {
    re: Float64Array.from({ length: n }, (_, i) => re[i * n + i]!),
    im: Float64Array.from({ length: n }, (_, i) => im[i * n + i]!)
  }
}

/** Of the last two rows and columns the eigenvalue that is nearer to the last entry. @source Wilkinson's shift */
function shiftOf({ re, im }: Complex, n: number, end: number): readonly [number, number] {
  const d = end * n + end
  const [c, b, a] = [d - 1, d - n, d - n - 1]
  // t = (a − d) / 2; the eigenvalues are d + t ± √(t² + b c).
  const tr = (re[a]! - re[d]!) / 2
  const ti = (im[a]! - im[d]!) / 2
  const sr = tr * tr - ti * ti + re[b]! * re[c]! - im[b]! * im[c]!
  const si = 2 * tr * ti + re[b]! * im[c]! + im[b]! * re[c]!
  const length = Math.hypot(sr, si)
  const rr = Math.sqrt(Math.max(0, length + sr) / 2)
  const ri = Math.sign(si || 1) * Math.sqrt(Math.max(0, length - sr) / 2)
  const away = tr * rr + ti * ri > 0 ? -1 : 1
  return [re[d]! + tr + away * rr, im[d]! + ti + away * ri]
}

/** H − s = Q R becomes R Q + s, within rows and columns `start` to `end`. */
function stepOf(
  { re, im }: Complex,
  n: number,
  start: number,
  end: number,
  [shiftRe, shiftIm]: readonly [number, number]
): void {
  for (let i = start; i <= end; i++) {
    re[i * n + i]! -= shiftRe
    im[i * n + i]! -= shiftIm
  }
  const turns: [c: number, sr: number, si: number][] = []
  for (let k = start; k < end; k++) {
    const upper = k * n + k
    const lower = upper + n
    const [ar, ai, br, bi] = [re[upper]!, im[upper]!, re[lower]!, im[lower]!]
    const a = Math.hypot(ar, ai)
    const r = Math.hypot(a, br, bi)
    // [c s; −s̄ c] turns (a, b) into (r, 0) with c real, and s = a b̄ / (|a| r).
    const c = r === 0 ? 1 : a / r
    const [ur, ui] = a === 0 ? [1, 0] : [ar / a, ai / a]
    const sr = r === 0 ? 0 : (ur * br + ui * bi) / r
    const si = r === 0 ? 0 : (ui * br - ur * bi) / r
    turns.push([c, sr, si])
    for (let j = k; j <= end; j++) {
      const p = k * n + j
      const q = p + n
      const [pr, pi, qr, qi] = [re[p]!, im[p]!, re[q]!, im[q]!]
      re[p] = c * pr + sr * qr - si * qi
      im[p] = c * pi + sr * qi + si * qr
      re[q] = c * qr - sr * pr - si * pi
      im[q] = c * qi - sr * pi + si * pr
    }
  }
  turns.forEach(([c, sr, si], i) => {
    const k = start + i
    for (let row = start; row <= Math.min(k + 1, end); row++) {
      const p = row * n + k
      const q = p + 1
      const [pr, pi, qr, qi] = [re[p]!, im[p]!, re[q]!, im[q]!]
      re[p] = c * pr + sr * qr + si * qi
      im[p] = c * pi + sr * qi - si * qr
      re[q] = c * qr - sr * pr + si * pi
      im[q] = c * qi - sr * pi - si * pr
    }
  })
  for (let i = start; i <= end; i++) {
    re[i * n + i]! += shiftRe
    im[i * n + i]! += shiftIm
  }
}
