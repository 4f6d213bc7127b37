import { setImmediate } from 'node:timers/promises'
import type { Dataset, NumberArray } from '#common/data/dataset.ts'

/** Copied at once; larger arrays are copied in pieces, between which others are answered. */
const pieceBytes = 2 ** 21

/** A copy with a buffer of its own, made piece by piece. */
export async function copied<A extends NumberArray>(data: A): Promise<A> {
  const copy = new (data.constructor as new (length: number) => A)(data.length)
  const piece = pieceBytes / data.BYTES_PER_ELEMENT
  for (let start = 0; start < data.length; start += piece) {
    if (start > 0) await setImmediate()
    copy.set(data.subarray(start, start + piece), start)
  }
  return copy
}

/** The same of a dataset: its arrays may leave, while it is still wanted here. */
export async function copiedDataset(result: Dataset): Promise<Dataset> {
  const variables: Dataset['variables'] = {}
  for (const [name, variable] of Object.entries(result.variables))
    variables[name] = { ...variable, data: await copied(variable.data) }
  return { ...result, variables }
}
