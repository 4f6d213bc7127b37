import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { golden } from '../models.ts'
import { hebrew, shakespeare } from '../workbench.ts'

/** The models whose tensors NumPy, SciPy and scikit-learn have looked at one by one. */
export const tensorModels = [
  { name: 'shakespeare-char', folder: shakespeare },
  { name: 'hebrew-minigpt', folder: hebrew }
]

/** What is known of each tensor, by its name; null where nothing is defined. */
export function tensorScalars(name: string): [string, Record<string, unknown>][] {
  const path = join(golden, 'analysis/weights', `${name}.json`)
  const { tensors } = JSON.parse(readFileSync(path, 'utf8')) as {
    tensors: Record<string, Record<string, unknown>>
  }
  return Object.entries(tensors)
}

/** The largest difference of two numbers by the size of the second; of two that are not defined none. */
export function relativeDifference(found: number, expected: number | null): number {
  if (expected === null) return Number.isNaN(found) ? 0 : Infinity
  return Math.abs(found - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE)
}
