import { expect } from 'vitest'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'

/** A golden file's tensors by name, as float32. */
export async function readGolden(path: string) {
  const { tensors } = await openCheckpoint(path)
  return {
    names: [...tensors.keys()],
    shape: (name: string) => tensors.get(name)!.shape,
    read: (name: string) => readFloat32(tensors.get(name)!)
  }
}

/** Fails when any entry differs by more than `tolerance`, naming the worst. */
export function expectClose(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
  what: string
): void {
  expect(actual.length, what).toBe(expected.length)
  let worst = 0
  let where = 0
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!)
    if (!(difference <= worst)) {
      worst = difference
      where = i
    }
  }
  expect(
    worst,
    `${what}[${where}]: ${actual[where]} against ${expected[where]}`
  ).toBeLessThanOrEqual(tolerance)
}
