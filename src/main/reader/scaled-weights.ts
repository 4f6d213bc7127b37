import { elementCount, type DType } from '#common/model/tensor.ts'
import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'
import { readFloat32 } from '../checkpoint/read.ts'
import { quantisationOf } from '../architecture/quantisation.ts'
import { invalidFile, printable, quoted } from '../files/file-error.ts'
import { boundedMatrices, computedEntry } from './computed-weights.ts'
import type { RawConfig } from './model-files.ts'

/** Numbers that are weights once they are scaled. */
const scaledTypes: readonly DType[] = ['I8', 'F8_E4M3', 'F8_E5M2']

/** What is multiplied to the numbers of a matrix. */
interface Scale {
  /** One number, one a row, or one a block of rows and columns: [ ], [1], [out], [out, 1], [rows of blocks, columns of blocks]. */
  readonly entry: TensorEntry
  readonly factor: number
  /** What stands for 0, one wherever there is a scale; null where 0 does. */
  readonly zeros: TensorEntry | null
}

/**
 * A checkpoint in which matrices of int8 or FP8 numbers that are stored with their scales are the products of both, as float32,
 * and in a sentence how many. Their scales are no tensors of it any more.
 * @throws LamellaError `file-invalid` where a scale does not fit its matrix, or the products would take too much memory
 * @source bitsandbytes, LLM.int8 (`SCB`); compressed-tensors, `int-quantized` and `float-quantized` (`weight_scale`);
 *   both with `weight_zero_point`; DeepSeek-V3, `weight_scale_inv` in blocks of `weight_block_size`
 */
export async function withScaledWeights(
  checkpoint: Checkpoint,
  config: RawConfig
): Promise<{ readonly checkpoint: Checkpoint; readonly notes: readonly string[] }> {
  const tensors = new Map(checkpoint.tensors)
  const counts = new Map<string, number>()
  const count = boundedMatrices('the products of its numbers and scales')
  const all = [...checkpoint.tensors].flatMap(([name, entry]) => {
    const scale = scaleOf(name, entry, checkpoint)
    return scale === null ? [] : [{ name, entry, scale }]
  })
  for (const { entry, scale } of all) count({ entry, of: [scale.entry], each: 1 })
  let notNumbers = 0
  for (const { name, entry, scale } of all) {
    const values = await product(entry, scale, config)
    tensors.set(name, computedEntry(entry, name, values))
    notNumbers += values.reduce((count, value) => (Number.isNaN(value) ? count + 1 : count), 0)
    for (const part of partsBeside(name)) tensors.delete(part)
    counts.set(entry.dtype, (counts.get(entry.dtype) ?? 0) + 1)
  }
  const scheme = quantisationOf(config)
  const named = scheme === null ? '' : ` (${printable(scheme)})`
  const notes = [...counts].map(
    ([dtype, count]) =>
      `${count} matrices are stored as ${dtype} numbers with scales${named}, and read as their products; what enters them is not rounded, as programs that quantise it do.`
  )
  if (notNumbers > 0)
    notes.push(
      `${notNumbers} of these products are NaN, as the numbers or scales that are stored are; so is all that a run computes of them.`
    )
  return { checkpoint: { ...checkpoint, tensors }, notes }
}

/** What may stand beside a quantised matrix, by the names that go with its own. */
function partsBeside(weight: string): string[] {
  const module = weight.slice(0, -'weight'.length)
  const parts = ['weight_scale_inv', 'weight_scale', 'SCB', 'weight_zero_point', 'weight_format']
  return [...parts, 'weight_shape', 'input_scale', 'input_zero_point'].map(part => module + part)
}

function scaleOf(name: string, entry: TensorEntry, { tensors }: Checkpoint): Scale | null {
  const isMatrix = entry.shape.length === 2 && elementCount(entry.shape) > 0
  const isScaled = scaledTypes.includes(entry.dtype) && isMatrix
  if (!isScaled || !name.endsWith('.weight')) return null
  const [inverse, plain, largest, zeroPoint] = partsBeside(name).map(part => tensors.get(part))
  const scale = inverse ?? plain
  if (zeroPoint !== undefined && zeroPoint.shape.join() !== scale?.shape.join()) return null
  const zeros = zeroPoint ?? null
  if (scale !== undefined) return { entry: scale, factor: 1, zeros }
  // Of each row the largest magnitude is stored, which is 127.
  return largest === undefined ? null : { entry: largest, factor: 1 / 127, zeros }
}

async function product(
  entry: TensorEntry,
  { entry: of, factor, zeros }: Scale,
  config: RawConfig
): Promise<Float32Array> {
  const [rows, columns] = entry.shape as [number, number]
  const grid = [of.shape[0] ?? 1, of.shape[1] ?? 1] as const
  const [blockRows, blockColumns] = blockOf(config, [rows, columns], grid)
  const fits = (length: number, block: number, count: number) => Math.ceil(length / block) === count
  if (
    of.shape.length > 2 ||
    !fits(rows, blockRows, grid[0]) ||
    !fits(columns, blockColumns, grid[1])
  )
    throw invalidFile(
      of.file.label,
      `${quoted(of.name)} of shape [${of.shape.join(', ')}] does not scale ${quoted(entry.name)} of [${entry.shape.join(', ')}]`,
      'Open the model that it was made of.'
    )
  const [values, scales] = [await readFloat32(entry), await readFloat32(of)]
  const zero = zeros === null ? null : await readFloat32(zeros)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = Math.floor(row / blockRows) * grid[1] + Math.floor(column / blockColumns)
      const value = values[row * columns + column]! - (zero?.[at] ?? 0)
      values[row * columns + column] = value * scales[at]! * factor
    }
  return values
}

/**
 * Rows and columns that share a scale: of the first size that the grid of scales fits, of those that config.json says and the
 * usual one, else equal parts; NaN where there are none.
 */
function blockOf(
  config: RawConfig,
  shape: readonly [number, number],
  grid: readonly [number, number]
): [number, number] {
  const stated = statedBlocks(config)
  return [0, 1].map(axis => {
    const [length, count] = [shape[axis]!, grid[axis]!]
    const sizes = [...stated.map(block => block[axis]), usualBlock, length]
    const size = sizes.find(
      size => Number.isSafeInteger(size) && size! > 0 && Math.ceil(length / size!) === count
    )
    return size ?? (length % count === 0 ? length / count : NaN)
  }) as [number, number]
}

/** Where nothing says a size: what DeepSeek and those after it took. */
const usualBlock = 128

/** Blocks that config.json says, each [rows, columns]: DeepSeek's, and those of groups of compressed-tensors. */
function statedBlocks({ quantization_config: quantization }: RawConfig): (number | undefined)[][] {
  const said = recordOf(quantization)
  const groups = Object.values(recordOf(said['config_groups']))
  const weights = groups.map(group => recordOf(recordOf(group)['weights']))
  const blocks = [said['weight_block_size'], ...weights.map(of => of['block_structure'])]
  const rows = weights.map(of => [1, of['group_size']])
  return [...blocks, ...rows].filter(Array.isArray) as (number | undefined)[][]
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
