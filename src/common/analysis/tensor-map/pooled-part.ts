import type { Pooling } from '../pool.ts'

/** Indices along one side of a matrix: from the first, before `to`. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** How many numbers along a side become one. */
export interface PooledSide extends Stretch {
  readonly each: number
}

/** What the numbers of a part of a matrix come to. */
export interface PooledPart {
  /** [cell, cell across]; NaN for a cell that holds one. */
  readonly map: Float32Array
  /** Of the numbers that are finite; NaN where none is. */
  readonly low: number
  readonly high: number
  readonly nan: number
  readonly infinite: number
}

/** Cells along a side: the last may stand for fewer numbers than the others. */
export function cellsOf({ from, to, each }: PooledSide): number {
  return Math.ceil((to - from) / each)
}

/**
 * Pools a part of a matrix as it comes, piece by piece: each cell is the number in it that is furthest from zero, or the mean
 * of its numbers.
 */
export function pooledPart(rows: PooledSide, columns: PooledSide, pooling: Pooling) {
  const [down, across] = [cellsOf(rows), cellsOf(columns)]
  const width = columns.to - columns.from
  const isMean = pooling === 'mean'
  const sums = isMean ? new Float64Array(down * across) : null
  const map = new Float32Array(down * across)
  const cellOf = Int32Array.from({ length: width }, (_, column) =>
    Math.floor(column / columns.each)
  )
  let [low, high, nan, infinite] = [Infinity, -Infinity, 0, 0]
  let [row, column] = [0, 0]

  function count(value: number): void {
    if (Number.isNaN(value)) nan++
    else if (Number.isFinite(value)) {
      if (value < low) low = value
      if (value > high) high = value
    } else infinite++
  }

  return {
    /** @param data what follows of the part, row-major */
    take(data: Float32Array): void {
      for (let at = 0; at < data.length;) {
        const line = Math.floor(row / rows.each) * across
        const end = Math.min(data.length, at + width - column)
        for (; at < end; at++, column++) {
          const value = data[at]!
          count(value)
          const cell = line + cellOf[column]!
          if (sums !== null) sums[cell]! += value
          else if (Number.isNaN(value) || Math.abs(value) > Math.abs(map[cell]!)) map[cell] = value
        }
        if (column < width) continue
        column = 0
        row++
      }
    },

    result(): PooledPart {
      const numbers = (cell: number, { each, from, to }: PooledSide) =>
        Math.min(to - from, (cell + 1) * each) - cell * each
      sums?.forEach((sum, cell) => {
        const [own, beside] = [Math.floor(cell / across), cell % across]
        map[cell] = sum / (numbers(own, rows) * numbers(beside, columns))
      })
      const none = low > high
      return { map, low: none ? NaN : low, high: none ? NaN : high, nan, infinite }
    }
  }
}
