import type { Tensor } from '#common/model/tensor.ts'

/** Rows of logits that are held at once. */
export const rowsAtOnce = 32

/** Logits of some positions: [position, d_vocab]. */
export interface LogitRows {
  readonly positions: readonly number[]
  readonly data: Float32Array
}

/**
 * Hands over the logits of every position, some rows at a time.
 * @param logits gives those of some positions
 */
export async function eachLogits(
  count: number,
  logits: (positions: readonly number[]) => Promise<Tensor>,
  take: (rows: LogitRows) => void | Promise<void>
): Promise<void> {
  for (const positions of rowGroups(everyPosition(count))) {
    const { data } = await logits(positions)
    await take({ positions, data })
  }
}

export function everyPosition(count: number): number[] {
  return Array.from({ length: count }, (_, position) => position)
}

/** Some positions, so many at a time as have their logits held at once. */
export function rowGroups(positions: readonly number[]): (readonly number[])[] {
  return Array.from({ length: Math.ceil(positions.length / rowsAtOnce) }, (_, group) =>
    positions.slice(group * rowsAtOnce, (group + 1) * rowsAtOnce)
  )
}
