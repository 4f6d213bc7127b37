/** A number to so many significant digits, three unless said: `0.0123`, `1.23e-7`, `1,230`. */
export function numberText(value: number, digits = 3): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e9) return value.toExponential(digits - 1).replaceAll('-', '−')
  const written = value.toExponential(digits - 1)
  // Of what is written, not of the value: 999.6 has a digit more before the point once it is rounded.
  const power = Number(written.slice(written.indexOf('e') + 1))
  const decimals = Math.max(0, digits - 1 - power)
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  return value.toLocaleString('en-US', options).replace('-', '−')
}

/** A number to so many decimals: `−0.99982`. */
export function fixedText(value: number, decimals: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(decimals).replace('-', '−')
}

/** A number with all its digits, or as many as a float32 has: `−0.1234567`. */
export function exactText(value: number, as: 'float64' | 'float32' = 'float64'): string {
  if (!Number.isFinite(value)) return numberText(value)
  const digits = as === 'float32' ? Number(value.toPrecision(7)) : value
  return String(digits).replaceAll('-', '−')
}

/** A whole number with thousands separated: `1,048,576`. */
export function exactCount(value: number): string {
  return value.toLocaleString('en-US')
}

/** So many of what is named: `1 note`, `2,048 notes`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${exactCount(count)} ${count === 1 ? one : several}`
}

/** A count to three significant digits: `124 M`. */
export function countText(value: number): string {
  return withUnit(value, 1000, ['', 'K', 'M', 'B', 'T'])
}

/** A size to three significant digits, in powers of 1024: `41.0 MB`. */
export function bytesText(value: number): string {
  return withUnit(value, 1024, ['B', 'KB', 'MB', 'GB', 'TB'])
}

/** A time to at most three significant digits: `12 ms`, `1.24 s`, `2 min 5 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toPrecision(2)} ms`
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toPrecision(3)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A share of one as a percentage: `71.2 %`. */
export function percentText(value: number): string {
  return Number.isNaN(value) ? '–' : `${numberText(value * 100)} %`
}

function withUnit(value: number, base: number, units: readonly string[]): string {
  let size = Math.abs(value)
  let step = 0
  while (size >= base && step < units.length - 1) {
    size /= base
    step++
  }
  // 999.6 would round to four digits.
  if (size >= 999.5 && step < units.length - 1) {
    size /= base
    step++
  }
  const digits = step === 0 && Number.isInteger(size) ? String(size) : size.toPrecision(3)
  return `${value < 0 ? '−' : ''}${digits}${units[step] === '' ? '' : ` ${units[step]}`}`
}

/** A shape as it is written: `768 × 3,072`; `scalar` when it has no axes. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ')
}
