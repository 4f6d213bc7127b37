import { LamellaError } from '../model/errors.ts'
import type { Dataset } from './dataset.ts'

/**
 * The largest difference of two datasets' numbers, as {@link largestDifference} has it.
 * @throws LamellaError where they are of other variables, shapes or labels
 */
export function datasetDifference(before: Dataset, now: Dataset): number {
  const names = Object.keys(before.variables)
  if (names.join() !== Object.keys(now.variables).join())
    throw another(`has ${Object.keys(now.variables).join(', ')}, expected ${names.join(', ')}`)
  for (const [name, { length }] of Object.entries(before.axes))
    if (now.axes[name]?.length !== length) throw another(`its axis ${name} is of another length`)
  for (const [name, { labels = null }] of Object.entries(before.axes))
    if (!areAlike(now.axes[name]!.labels ?? null, labels))
      throw another(`its axis ${name} has other names`)
  const differences = names.map(name =>
    largestDifference(before.variables[name]!.data, now.variables[name]!.data)
  )
  return Math.max(0, ...differences)
}

/**
 * The largest difference of a number from what it was, of numbers beyond one as a share of it. NaN is no other than NaN.
 * @throws LamellaError where a number is none any more, or was none, or infinite, or there are more or fewer
 */
export function largestDifference(before: ArrayLike<number>, now: ArrayLike<number>): number {
  if (before.length !== now.length)
    throw another(`${now.length} numbers, expected ${before.length}`)
  let largest = 0
  for (let i = 0; i < before.length; i++) {
    const a = before[i]!
    const b = now[i]!
    if (Object.is(a, b) || a === b) continue
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(a))
    if (!Number.isFinite(difference)) throw another(`${b} where ${a} was`)
    largest = Math.max(largest, difference)
  }
  return largest
}

/** What is computed again is not what it was, in words that stand after what it is called. */
export function another(how: string): LamellaError {
  return new LamellaError('file-invalid', how)
}

function areAlike(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((label, i) => label === b[i])
}
