import { generator } from '../generator.ts'
import { largestSingularValue } from '../largest-singular-value.ts'
import { rowMajorView, type MatrixView } from '../matrix-product.ts'
import { singularValues } from '../singular-values.ts'
import { bulkEdges, spectrumNumbers } from '../spectrum/spectrum-numbers.ts'
import type { TensorStatistics } from '../weight-statistics/tensor-statistics.ts'

/** A matrix, with what is known of it. */
export interface MeasuredMatrix {
  readonly data: Float32Array
  readonly shape: readonly [number, number]
  readonly statistics: TensorStatistics
  /** Evenly spaced rows and columns of it, and their effective rank. */
  readonly part: MatrixView
  readonly effectiveRank: number
}

/**
 * Whether a matrix is what an initialisation leaves: independent numbers of one normal or uniform distribution. What training
 * does to the numbers one by one hardly shows; that some rows, columns and directions are larger than others does.
 *
 * All bounds are in units of how far matrices of chance of that size stray: about three times as far as most do.
 */
export function isUntouched(matrix: MeasuredMatrix): boolean {
  const { data, shape, statistics, part, effectiveRank } = matrix
  const [rows, columns] = shape
  const { std, kurtosis, count, sides } = statistics
  if (Math.min(rows, columns) < 8 || !(std > 0) || sides === null) return false
  const isNormal = Math.abs(kurtosis) <= 4 * Math.sqrt(24 / count)
  const isUniform = Math.abs(kurtosis + 1.2) <= 4 * Math.sqrt(2 / count)
  if (!isNormal && !isUniform) return false
  const strays = (squares: Float64Array, length: number) =>
    Math.abs(spreadOfSquares(squares) / Math.sqrt((kurtosis + 2) / length) - 1) *
    Math.sqrt(squares.length)
  const squares = (norms: Float64Array) => norms.map(norm => norm * norm)
  if (strays(squares(sides.rows.norms), columns) > 2.3) return false
  if (strays(squares(sides.columns.norms), rows) > 2.3) return false
  const byChance = effectiveRankOfChance(part.rows, part.columns)
  if (Math.abs(effectiveRank / byChance - 1) * Math.min(part.rows, part.columns) > 1.8) return false
  const { upper } = bulkEdges(std, rows, columns)
  const beyond = largestSingularValue(data, rows, columns) / upper - 1
  const scaled = beyond * Math.min(rows, columns) ** (2 / 3)
  return scaled > -1.7 && scaled < 1.5
}

/** Standard deviation by the mean. */
function spreadOfSquares(squares: Float64Array): number {
  const mean = squares.reduce((sum, value) => sum + value, 0) / squares.length
  const square = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / squares.length
  return Math.sqrt(square) / mean
}

const known = new Map<string, number>()

/** The effective rank of a matrix of independent normal numbers: the mean of three. */
function effectiveRankOfChance(rows: number, columns: number): number {
  const key = `${rows},${columns}`
  const found = known.get(key) ?? drawnRank(rows, columns)
  known.set(key, found)
  return found
}

function drawnRank(rows: number, columns: number): number {
  const next = generator(rows * 65_537 + columns)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  let sum = 0
  for (let draw = 0; draw < 3; draw++) {
    const data = Float64Array.from({ length: rows * columns }, normal)
    const values = singularValues(rowMajorView(data, rows, columns))
    sum += spectrumNumbers(values, Math.max(rows, columns)).effectiveRank
  }
  return sum / 3
}
