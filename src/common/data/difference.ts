import { LamellaError } from '../model/errors.ts'
import { shapeOf, type Dataset } from './dataset.ts'

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

/** Whether numbers are of the same variables, over axes of the same lengths and labels. */
export function areOfOne(a: Dataset, b: Dataset): boolean {
  const said = ({ axes, variables }: Dataset) =>
    JSON.stringify([
      Object.entries(variables).map(([name, own]) => [name, own.axes]),
      Object.entries(axes).map(([name, { length, labels = null }]) => [name, length, labels])
    ])
  return said(a) === said(b)
}

/** What both have. @throws LamellaError where that is nothing, or is of another shape or of things that are called otherwise */
export function sharedDifference(kept: Dataset, now: Dataset): number {
  const differences = Object.entries(kept.variables).flatMap(([name, before]) => {
    const own = now.variables[name]
    if (own === undefined) return []
    const [shape, expected] = [shapeOf(now, own), shapeOf(kept, before)]
    if (shape.join() !== expected.join())
      throw another(
        `${name} is of the shape [${shape.join(', ')}], expected [${expected.join(', ')}]`
      )
    for (const [i, axis] of before.axes.entries()) {
      const { labels } = kept.axes[axis]!
      const others = now.axes[own.axes[i]!]!.labels
      // One that calls them nothing contradicts none.
      if (labels !== null && others !== null && !areAlike(labels, others))
        throw another(`its axis ${axis} has other names`)
    }
    return [largestDifference(before.data, own.data)]
  })
  if (differences.length === 0) throw another('its command makes other numbers than it keeps')
  return Math.max(...differences)
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
