/**
 * How much of each frequency is in each column of a matrix once its mean is subtracted: |Σ_t x_t e^(−2πi k t / n)|².
 * @param matrix [n, columns], row-major
 * @returns [⌊n / 2⌋ + 1 cycles per n rows, columns]
 * @source Cooley & Tukey 1965; numpy.fft.rfft
 */
export function powerSpectrum(matrix: Float32Array, columns: number): Float64Array {
  const n = matrix.length / columns
  const count = Math.floor(n / 2) + 1
  const power = new Float64Array(count * columns)
  for (let column = 0; column < columns; column++) {
    let sum = 0
    for (let row = 0; row < n; row++) sum += matrix[row * columns + column]!
    const re = Float64Array.from(
      { length: n },
      (_, row) => matrix[row * columns + column]! - sum / n
    )
    const found = transformed({ re, im: new Float64Array(n) })
    for (let k = 0; k < count; k++)
      power[k * columns + column] = found.re[k]! ** 2 + found.im[k]! ** 2
  }
  return power
}

interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** The discrete Fourier transform: halved as long as its length is even, then summed as it is defined. */
function transformed(x: Complex): Complex {
  const n = x.re.length
  if (n === 1) return x
  if (n % 2 === 1) return summed(x)
  const half = n / 2
  const every = (start: number): Complex => ({
    re: Float64Array.from({ length: half }, (_, i) => x.re[2 * i + start]!),
    im: Float64Array.from({ length: half }, (_, i) => x.im[2 * i + start]!)
  })
  const [even, odd] = [transformed(every(0)), transformed(every(1))]
  const result: Complex = { re: new Float64Array(n), im: new Float64Array(n) }
  for (let k = 0; k < half; k++) {
    const angle = (-2 * Math.PI * k) / n
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const re = cos * odd.re[k]! - sin * odd.im[k]!
    const im = cos * odd.im[k]! + sin * odd.re[k]!
    result.re[k] = even.re[k]! + re
    result.im[k] = even.im[k]! + im
    result.re[k + half] = even.re[k]! - re
    result.im[k + half] = even.im[k]! - im
  }
  return result
}

function summed({ re, im }: Complex): Complex {
  const n = re.length
  const cos = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n))
  const sin = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n))
  const result: Complex = { re: new Float64Array(n), im: new Float64Array(n) }
  for (let k = 0; k < n; k++)
    for (let t = 0; t < n; t++) {
      const at = (k * t) % n
      result.re[k]! += re[t]! * cos[at]! + im[t]! * sin[at]!
      result.im[k]! += im[t]! * cos[at]! - re[t]! * sin[at]!
    }
  return result
}
