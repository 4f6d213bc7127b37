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

export interface SideMeasures {
  /** Places whose norms are no more than 1e-4 of the median. */
  readonly dead: readonly number[]
  /** Places that are the same as an earlier one, dead ones left out. */
  readonly duplicates: readonly number[]
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
  const rows = sideMeasures(sides.rows.norms, rowHashes(data, height, width), width)
  const columns = sideMeasures(sides.columns.norms, columnHashes(data, height, width), height)
  const measured = { data, shape: [height, width] as const, part, effectiveRank }
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

/** @param length of each row, or column: those of fewer than four numbers may be the same by chance */
function sideMeasures(
  norms: Float64Array,
  hashes: readonly string[],
  length: number
): SideMeasures {
  const median = quantileOf(norms.slice().sort(), 0.5)
  const isDead = (norm: number) => norm === 0 || norm <= 1e-4 * median
  const places = Array.from(norms.keys())
  const seen = new Set<string>()
  const duplicates = places.filter(at => {
    if (length < 4 || isDead(norms[at]!)) return false
    const isKnown = seen.has(hashes[at]!)
    seen.add(hashes[at]!)
    return isKnown
  })
  const at = places.reduce((most, place) => (norms[place]! > norms[most]! ? place : most), 0)
  return {
    dead: places.filter(place => isDead(norms[place]!)),
    duplicates,
    largest: { at, ratio: median > 0 ? norms[at]! / median : NaN }
  }
}

/** What tells rows apart: two hashes of their bits. @source FNV-1a, Fowler, Noll & Vo */
function rowHashes(data: Float32Array, rows: number, columns: number): string[] {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  return Array.from({ length: rows }, (_, row) => {
    let [one, other] = [seeds[0]!, seeds[1]!]
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      one = Math.imul(one ^ bits[i]!, prime)
      other = Math.imul(other, prime) ^ (bits[i]! >>> 7) ^ (bits[i]! << 3)
    }
    return `${one},${other}`
  })
}

function columnHashes(data: Float32Array, rows: number, columns: number): string[] {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  const one = new Int32Array(columns).fill(seeds[0]!)
  const other = new Int32Array(columns).fill(seeds[1]!)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) {
      one[column] = Math.imul(one[column]! ^ bits[at]!, prime)
      other[column] = Math.imul(other[column]!, prime) ^ (bits[at]! >>> 7) ^ (bits[at]! << 3)
    }
  return Array.from(one, (hash, column) => `${hash},${other[column]}`)
}

const seeds = [0x811c9dc5, 0x1b873593]
const prime = 0x01000193
