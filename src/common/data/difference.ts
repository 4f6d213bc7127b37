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
    if (!(name in now.variables)) return []
    const why = otherwise(name, kept, now)
    if (why !== null) throw another(why)
    return [largestDifference(before.data, now.variables[name]!.data)]
  })
  if (differences.length === 0) throw another('its command makes other numbers than it keeps')
  return Math.max(...differences)
}

/** Of the numbers that both have over the same axes how far they are apart, null of none, and the names of all else. */
export function likeDifference(
  kept: Dataset,
  now: Dataset
): { readonly difference: number | null; readonly left: readonly string[] } {
  const names = Object.keys(kept.variables)
  const like = names.filter(name => name in now.variables && otherwise(name, kept, now) === null)
  const differences = like.map(name =>
    largestDifference(kept.variables[name]!.data, now.variables[name]!.data)
  )
  return {
    difference: differences.length === 0 ? null : Math.max(...differences),
    left: names.filter(name => !like.includes(name))
  }
}

/** Why a variable of both is of another shape or of things that are called otherwise; null where it is of the same. */
function otherwise(name: string, kept: Dataset, now: Dataset): string | null {
  const [before, own] = [kept.variables[name]!, now.variables[name]!]
  const [shape, expected] = [shapeOf(now, own), shapeOf(kept, before)]
  if (shape.join() !== expected.join())
    return `${name} is of the shape [${shape.join(', ')}], expected [${expected.join(', ')}]`
  const other = before.axes.find((axis, i) => {
    const { labels } = kept.axes[axis]!
    const others = now.axes[own.axes[i]!]!.labels
    // One that calls them nothing contradicts none.
    return labels !== null && others !== null && !areAlike(labels, others)
  })
  return other === undefined ? null : `its axis ${other} has other names`
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
