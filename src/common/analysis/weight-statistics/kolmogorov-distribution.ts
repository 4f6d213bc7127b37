/**
 * How probable it is that the distance of Kolmogorov and Smirnov is d or more, of n numbers that are drawn from the
 * distribution itself: two-sided, for n as it is, not for its limit. To 1e-5 of itself.
 * @source Simard & L'Ecuyer 2011, "Computing the Two-Sided Kolmogorov-Smirnov Distribution": which of the formulas is good where
 */
export function kolmogorovExceeded(d: number, n: number): number {
  if (Number.isNaN(d) || n <= 0) return NaN
  const t = n * d
  if (t <= 0.5) return 1
  if (d >= 1) return 0
  const square = t * d
  // Further out than any double tells.
  if (square > 370) return 0
  if (square >= (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * oneSided(d, n))
  const below = n <= 140 ? byMatrix(d, n) : byExpansion(d, n)
  return Math.min(1, Math.max(0, 1 - below))
}

/** Numbers up to which the sum of so many terms is worth its time. */
const mostSummed = 1_000_000

/**
 * How probable a one-sided distance of d or more is.
 * @source Birnbaum & Tingey 1951: d Σ over j ≤ n(1 − d) of C(n, j) (1 − d − j/n)^(n − j) (d + j/n)^(j − 1); of many numbers the
 * limit as Miller 1956 corrects it
 */
function oneSided(d: number, n: number): number {
  if (n > mostSummed) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n))
  let sum = (1 - d) ** n
  /** ln C(n, j) */
  let choices = 0
  for (let j = 1; j <= n * (1 - d); j++) {
    choices += Math.log((n - j + 1) / j)
    const rest = 1 - d - j / n
    if (rest <= 0) break
    sum += d * Math.exp(choices + (n - j) * Math.log(rest) + (j - 1) * Math.log(d + j / n))
  }
  return sum
}

/**
 * How probable a distance below d is, exactly, by powers of a matrix.
 * @source Marsaglia, Tsang & Wang 2003, "Evaluating Kolmogorov's Distribution"
 */
function byMatrix(d: number, n: number): number {
  const k = Math.ceil(n * d)
  const h = k - n * d
  const size = 2 * k - 1
  let matrix = Float64Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size]
    return row - column + 1 < 0 ? 0 : 1
  })
  for (let i = 0; i < size; i++) {
    matrix[i * size]! -= h ** (i + 1)
    matrix[(size - 1) * size + i]! -= h ** (size - i)
  }
  if (2 * h > 1) matrix[(size - 1) * size]! += (2 * h - 1) ** size
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      for (let g = 1; g <= row - column + 1; g++) matrix[row * size + column]! /= g
  // n is at most 140: no number gets too large.
  let power = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))
  for (let left = n; left > 0; left >>= 1) {
    if (left & 1) power = squareProduct(power, matrix, size)
    if (left > 1) matrix = squareProduct(matrix, matrix, size)
  }
  let probability = power[(k - 1) * size + k - 1]!
  for (let i = 1; i <= n; i++) probability *= i / n
  return probability
}

function squareProduct(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++)
      for (let j = 0; j < size; j++) product[i * size + j]! += a[i * size + k]! * b[k * size + j]!
  return product
}

/**
 * How probable a distance below d is: the limit with corrections for n.
 * @source Pelz & Good 1976, "Approximating the Lower Tail-Areas of the Kolmogorov-Smirnov One-Sample Statistic"
 */
function byExpansion(d: number, n: number): number {
  const root = Math.sqrt(n)
  const z = root * d
  const z2 = z * z
  const pi2 = Math.PI ** 2
  const [sums, wholes] = [new Float64Array(4), new Float64Array(2)]
  for (let k = 0; k < 20; k++) {
    const half = pi2 * (k + 0.5) ** 2
    // Both signs of k + ½.
    const weight = 2 * Math.exp(-half / (2 * z2))
    sums[0]! += weight
    sums[1]! += weight * (half - z2)
    sums[2]! +=
      weight *
      (6 * z2 ** 3 + 2 * z2 ** 2 + half * (2 * z2 ** 2 - 5 * z2) + half ** 2 * (1 - 2 * z2))
    sums[3]! +=
      weight *
      (half ** 3 * (5 - 30 * z2) +
        half ** 2 * (-60 * z2 + 212 * z2 ** 2) +
        half * (135 * z2 ** 2 - 96 * z2 ** 3) -
        30 * z2 ** 3 -
        90 * z2 ** 4)
    const whole = pi2 * k ** 2
    const wholeWeight = 2 * Math.exp(-whole / (2 * z2))
    wholes[0]! += wholeWeight * whole
    wholes[1]! += wholeWeight * (3 * whole * z2 - whole ** 2)
  }
  const c = Math.sqrt(Math.PI / 2)
  const terms = [
    (c * sums[0]!) / z,
    (c * sums[1]!) / (6 * z ** 4),
    (c * sums[2]!) / (72 * z ** 7) - (c * wholes[0]!) / (36 * z ** 3),
    (c * sums[3]!) / (6480 * z ** 10) + (c * wholes[1]!) / (216 * z ** 6)
  ]
  return terms.reduce((sum, term, i) => sum + term / root ** i, 0)
}
