import type { Tensor } from '#common/model/tensor.ts'

/** Rows of logits that are held at once. */
export const rowsAtOnce = 32

/** Logits of the positions from `start` on: [rows, d_vocab]. */
export interface LogitRows {
  readonly start: number
  readonly rows: number
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
  for (const { start, rows } of rowGroups(count)) {
    const { data } = await logits(Array.from({ length: rows }, (_, i) => start + i))
    await take({ start, rows, data })
  }
}

/** The positions of a text, so many at a time as have their logits held at once. */
export function rowGroups(count: number): Pick<LogitRows, 'start' | 'rows'>[] {
  return Array.from({ length: Math.ceil(count / rowsAtOnce) }, (_, i) => {
    const start = i * rowsAtOnce
    return { start, rows: Math.min(rowsAtOnce, count - start) }
  })
}
