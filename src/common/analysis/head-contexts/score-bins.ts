import type { Drawn, ScoreCell } from './score-cells.ts'

/** How scores are parted: into as many alike, or by equal widths between the lowest and the highest. */
export const binnings = ['count', 'range'] as const
export type Binning = (typeof binnings)[number]

/** Cells that follow one another, and some that were drawn from all in them. */
export interface ScoreBin<T> {
  /** The lowest and the highest score in it. */
  readonly low: number
  readonly high: number
  readonly count: number
  /** Lowest score first. */
  readonly drawn: readonly Drawn<T>[]
}

/**
 * Parts counted scores into at most `bins`, from the lowest up. A cell goes into one of them as a whole, so there are
 * fewer where many scores are nearly the same. As each cell keeps the first in one order of all, the first of those
 * are the first of the bin: each of its scores is as likely to be drawn.
 */
export function scoreBins<T>(
  cells: readonly ScoreCell<T>[],
  bins: number,
  by: Binning,
  most: number
): ScoreBin<T>[] {
  const filled = cells.filter(({ count }) => count > 0)
  const groups = new Map<number, ScoreCell<T>[]>()
  const placeOf = by === 'count' ? ranks(filled) : heights(filled)
  filled.forEach((cell, i) => {
    const bin = Math.min(bins - 1, Math.floor(placeOf[i]! * bins))
    groups.set(bin, [...(groups.get(bin) ?? []), cell])
  })
  return [...groups.values()].map(group => ({
    low: group[0]!.low,
    high: group.at(-1)!.high,
    count: group.reduce((sum, { count }) => sum + count, 0),
    drawn: group
      .flatMap(({ kept }) => kept)
      .sort((a, b) => a.order - b.order)
      .slice(0, most)
      .sort((a, b) => a.score - b.score)
  }))
}

/** The share of scores below the middle one of each cell. */
function ranks(cells: readonly ScoreCell<unknown>[]): number[] {
  const total = cells.reduce((sum, { count }) => sum + count, 0)
  let before = 0
  return cells.map(({ count }) => {
    const middle = (before + count / 2) / total
    before += count
    return middle
  })
}

/** How far the middle of each cell is up from the lowest score to the highest. */
function heights(cells: readonly ScoreCell<unknown>[]): number[] {
  const lowest = cells[0]?.low ?? 0
  const width = (cells.at(-1)?.high ?? 0) - lowest
  return cells.map(({ low, high }) => (width === 0 ? 0 : ((low + high) / 2 - lowest) / width))
}
