import type { Tensor } from '#common/model/tensor.ts'
import { givenBackFrom } from '../../engine/host.ts'

/**
 * Rows of logits that are held at once: as many as these numbers are of, within limits. With what the engine lays around
 * them they are less than it gives back.
 */
const numbersAtOnce = givenBackFrom / 4 - 1024
const [fewestRows, mostRows] = [32, 256]

/** Logits of some positions: [position, d_vocab]. */
export interface LogitRows {
  readonly positions: readonly number[]
  readonly data: Float32Array
}

/**
 * Hands over the logits of every position, some rows at a time.
 * @param width d_vocab
 * @param logits gives those of some positions
 */
export async function eachLogits(
  count: number,
  width: number,
  logits: (positions: readonly number[]) => Promise<Tensor>,
  take: (rows: LogitRows) => void | Promise<void>
): Promise<void> {
  for (const positions of rowGroups(everyPosition(count), width)) {
    const { data } = await logits(positions)
    await take({ positions, data })
  }
}

export function everyPosition(count: number): number[] {
  return Array.from({ length: count }, (_, position) => position)
}

/**
 * Some positions, so many at a time as have their logits held at once: for each time the whole unembedding is read.
 * @param width d_vocab
 * @param values how many rows there are of each position
 */
export function rowGroups(
  positions: readonly number[],
  width: number,
  values = 1
): (readonly number[])[] {
  const rows = Math.min(mostRows, Math.max(fewestRows, Math.floor(numbersAtOnce / width)))
  const count = Math.max(1, Math.floor(rows / values))
  return Array.from({ length: Math.ceil(positions.length / count) }, (_, group) =>
    positions.slice(group * count, (group + 1) * count)
  )
}
