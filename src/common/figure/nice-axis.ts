/** An axis of numbers from one round number to another. */
export interface NiceAxis {
  readonly min: number
  readonly max: number
  readonly step: number
}

/** Steps that are easy to read, as parts of a power of ten. */
const steps = [1, 2, 5, 10]

const smallest = 1e-90

/**
 * Round ends and steps for values from `low` to `high`.
 * @param count about so many steps
 */
export function niceAxis(low: number, high: number, count: number): NiceAxis {
  const size = high > low ? high - low : Math.abs(high)
  // What is smaller is as good as none: its steps could not be written.
  const span = size > smallest ? size : 1
  const power = 10 ** Math.floor(Math.log10(span / count))
  const step = power * steps.find(part => part * power * count >= span * (1 - 1e-9))!
  const min = Math.floor(low / step + 1e-9) * step
  const max = Math.max(min + step, Math.ceil(high / step - 1e-9) * step)
  return { min: rounded(min, step), max: rounded(max, step), step }
}

/** Without the error that a product of a step has. */
function rounded(value: number, step: number): number {
  return Number(value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(step)))))
}

/** The multiples of a step within two ends. */
export function roundValues(min: number, max: number, step: number): number[] {
  // Ends that are multiples may miss themselves by rounding.
  const first = Math.ceil(min / step - 1e-9)
  const count = Math.floor(max / step + 1e-9) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12))
  )
}
