import type { TensorFacts } from '../analysis.ts'
import type { WholeTensor } from '../chosen-tensors.ts'
import { firstUntrained } from '../positions/first-untrained.ts'
import { quantileOf } from '../quantiles.ts'
import { singularValues } from '../singular-values.ts'
import { spectrumNumbers } from '../spectrum/spectrum-numbers.ts'
import { tensorStatistics, type TensorStatistics } from '../weight-statistics/tensor-statistics.ts'
import { evenlySpaced } from './evenly-spaced.ts'
import { isUntouched } from './untouched.ts'

/** Rows and columns that a rank is taken of. */
export const mostRanked = 256

/** What a health check has to know of a tensor. */
export interface MeasuredTensor {
  readonly name: string
  readonly layer: number | null
  readonly category: TensorFacts['category']
  readonly shape: readonly number[]
  readonly statistics: Omit<TensorStatistics, 'sides'>
  /** √(Σ x² / n) */
  readonly rms: number
  /** Of a matrix that is finite; else null. */
  readonly matrix: MatrixMeasures | null
}

export interface MatrixMeasures {
  readonly rows: SideMeasures
  readonly columns: SideMeasures
  /** Effective rank by the shorter side, of at most 256 evenly spaced rows and columns. */
  readonly rankShare: number
  readonly isRankSampled: boolean
  readonly isUntouched: boolean
  /** Of learned positions the first of those at the end that nothing has trained; null where all are. */
  readonly untrainedFrom: number | null
}

/** How many places, and the first ten. */
export interface SomePlaces {
  readonly count: number
  readonly first: readonly number[]
}

export interface SideMeasures {
  /** Places whose norms are no more than 1e-4 of the median. */
  readonly dead: SomePlaces
  /** Places that are the same as an earlier one, dead ones left out. */
  readonly duplicates: SomePlaces
  /** The largest norm by the median, and where. */
  readonly largest: { readonly at: number; readonly ratio: number }
}

export function measuredTensor(
  { name, layer, shape, data }: WholeTensor,
  category: TensorFacts['category']
): MeasuredTensor {
  const { sides, ...statistics } = tensorStatistics(data, shape)
  const own = {
    name,
    layer,
    category,
    shape,
    statistics,
    rms: statistics.norm / Math.sqrt(data.length)
  }
  const isFinite = statistics.nan + statistics.infinite === 0
  if (sides === null || !isFinite || data.length === 0) return { ...own, matrix: null }
  const [height = 0, width = 0] = shape
  const part = evenlySpaced(data, [height, width], mostRanked)
  const { effectiveRank } = spectrumNumbers(singularValues(part), mostRanked)
  const shorter = Math.min(part.rows, part.columns)
  const matrix = [height, width] as const
  // Those of fewer than four numbers may be the same by chance.
  const lines = (axis: 0 | 1) => (matrix[1 - axis]! < 4 ? null : linesOf(data, matrix, axis))
  const rows = sideMeasures(sides.rows.norms, lines(0))
  const columns = sideMeasures(sides.columns.norms, lines(1))
  const measured = { data, shape: matrix, part, effectiveRank }
  return {
    ...own,
    matrix: {
      rows,
      columns,
      rankShare: effectiveRank / shorter,
      isRankSampled: part.data !== data,
      isUntouched: isUntouched({ ...measured, statistics: { ...statistics, sides } }),
      untrainedFrom: category === 'position' ? firstUntrained(data, height, width) : null
    }
  }
}

/** @param lines the rows, or columns; null where they may be the same by chance */
function sideMeasures(norms: Float64Array, lines: Lines | null): SideMeasures {
  const median = quantileOf(norms.slice().sort(), 0.5)
  const isDead = (at: number) => norms[at] === 0 || norms[at]! <= 1e-4 * median
  let most = 0
  for (let at = 1; at < norms.length; at++) if (norms[at]! > norms[most]!) most = at
  return {
    dead: somePlaces(norms.length, isDead),
    duplicates:
      lines === null ? { count: 0, first: [] } : somePlaces(norms.length, isKnown(lines, isDead)),
    largest: { at: most, ratio: median > 0 ? norms[most]! / median : NaN }
  }
}

function somePlaces(length: number, isOne: (at: number) => boolean): SomePlaces {
  const first: number[] = []
  let count = 0
  for (let at = 0; at < length; at++) {
    if (!isOne(at)) continue
    count++
    if (first.length < 10) first.push(at)
  }
  return { count, first }
}

/** What tells rows, or columns, apart. */
interface Lines {
  /** Of each a hash of its bits. */
  readonly hashes: Int32Array
  /** Whether two are the same to the last bit. */
  readonly areSame: (one: number, other: number) => boolean
}

/** Whether a place is the same as one that it was asked for before; those that are skipped are like none. */
function isKnown({ hashes, areSame }: Lines, isSkipped: (at: number) => boolean) {
  // A table of places, twice as large as need be: a set holds no more than 2²⁴.
  const size = 2 ** Math.ceil(Math.log2(2 * hashes.length + 1))
  const table = new Int32Array(size).fill(-1)
  return (at: number): boolean => {
    if (isSkipped(at)) return false
    for (let slot = hashes[at]! & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const known = table[slot]!
      if (known < 0) {
        table[slot] = at
        return false
      }
      if (hashes[known] === hashes[at] && areSame(known, at)) return true
    }
  }
}

/** @param axis 0 for rows, 1 for columns */
function linesOf(data: Float32Array, shape: readonly [number, number], axis: 0 | 1): Lines {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  const [rows, columns] = shape
  const hashes = new Int32Array(shape[axis])
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) {
      const place = axis === 0 ? row : column
      const mixed = Math.imul(hashes[place]! ^ bits[at]!, 0x9e3779b1)
      // The low bits of short numbers are 0, and would stay so.
      hashes[place] = mixed ^ (mixed >>> 15)
    }
  const [length, step, line] = axis === 0 ? [columns, 1, columns] : [rows, columns, 1]
  return {
    hashes,
    areSame(one, other) {
      for (let i = 0; i < length; i++)
        if (bits[one * line + i * step] !== bits[other * line + i * step]) return false
      return true
    }
  }
}
