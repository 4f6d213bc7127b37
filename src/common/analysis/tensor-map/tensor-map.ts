import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { toFloat32 } from '../../model/to-float32.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { poolings } from '../pool.ts'
import { matrixOf, partOf } from './matrix-view.ts'
import { cellsOf, pooledPart, type PooledSide } from './pooled-part.ts'

const Index = z.int().min(0)
/** From an index to the one after the last. */
const Range = z.tuple([Index, Index]).nullable().default(null)

/** The most cells of a map down and across. */
export const MapCells = z.tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)])

const TensorMapParams = z.strictObject({
  /** A stored tensor, by its name. */
  tensor: z.string().min(1),
  /** Rows: indices of all axes but the last, taken together. All where it is null. */
  rows: Range,
  /** Columns: indices of the last axis. */
  columns: Range,
  /** What a cell of several numbers is: the one furthest from zero, or their mean. */
  pooling: z.enum(poolings).default('maximum'),
  cells: MapCells.default([512, 512])
})
type TensorMapParams = z.infer<typeof TensorMapParams>

const single = (name: string, about: string): Given => ({ name, axes: [], unit: '', about })

const gives: readonly Given[] = [
  { name: 'map', axes: ['row', 'column'], unit: '', about: 'a number, or several as one' },
  { name: 'first_row', axes: ['row'], unit: '', about: 'the first row of each cell' },
  { name: 'first_column', axes: ['column'], unit: '', about: 'the first column of each cell' },
  single('rows_each', 'rows that a cell stands for; the last for what is left'),
  single('columns_each', 'columns that a cell stands for'),
  single('rows_to', 'the row after the last'),
  single('columns_to', 'the column after the last'),
  single('low', 'the lowest finite number of the part itself'),
  single('high', 'the highest finite number'),
  single('nan', 'numbers that are NaN'),
  single('infinite', 'numbers that are infinite')
]

/** The numbers of a tensor as a map: each by itself where there is room, else as many as need be in one cell. */
export const tensorMap: Analysis<TensorMapParams> = {
  name: 'tensor-map',
  version: 1,
  of: 'weights',
  compares: false,
  // As quick to make as to keep.
  keeps: false,
  params: TensorMapParams,
  about: {
    what: 'The numbers of a stored tensor, or of a part of it, as a map of at most so many cells: each number by itself where there is room, else several in one cell.',
    formulas: [
      'maximum: of the numbers x of a cell the one of largest |x|, with its sign',
      'mean: Σ x / n of the numbers of a cell',
      'numbers in a cell: ⌈rows / cells⌉ · ⌈columns / cells⌉'
    ],
    sources: [],
    read: 'Rows are all axes of the tensor as it is stored but the last, taken together; columns are the last. A cell that holds NaN is NaN. Numbers are shown as float32.',
    baseline: ''
  },
  gives,

  needs(params, model) {
    const { tensor, rows, columns, part } = askedOf(params, model)
    const isEmpty = rows.to === rows.from || columns.to === columns.from
    if (isEmpty)
      throw new LamellaError('invalid-argument', `${tensor}: that part of it holds no numbers`)
    return { ...nothing, parts: [part] }
  },

  start(params, model) {
    const { rows, columns, before } = askedOf(params, model)
    const pooled = pooledPart(rows, columns, params.pooling)
    const width = columns.to - columns.from
    let [skip, left] = [before * width, (rows.to - rows.from) * width]
    return {
      begin: () => undefined,
      take(taken) {
        if (taken.kind !== 'part') return
        const data = toFloat32(taken.bytes, taken.dtype)
        const own = data.subarray(Math.min(skip, data.length)).subarray(0, left)
        skip = Math.max(0, skip - data.length)
        left -= own.length
        pooled.take(own)
      },
      result() {
        const { map, low, high, nan, infinite } = pooled.result()
        const firsts = (side: PooledSide) =>
          Int32Array.from({ length: cellsOf(side) }, (_, i) => side.from + i * side.each)
        return givenDataset(
          gives,
          { row: axis(cellsOf(rows)), column: axis(cellsOf(columns)) },
          {
            map,
            first_row: firsts(rows),
            first_column: firsts(columns),
            rows_each: Int32Array.of(rows.each),
            columns_each: Int32Array.of(columns.each),
            rows_to: Int32Array.of(rows.to),
            columns_to: Int32Array.of(columns.to),
            low: Float64Array.of(low),
            high: Float64Array.of(high),
            nan: Float64Array.of(nan),
            infinite: Float64Array.of(infinite)
          }
        )
      },
      state: () => ({})
    }
  }
}

/** @throws LamellaError `invalid-argument` where there is no such tensor, or no such part of it */
function askedOf({ tensor, rows, columns, cells }: TensorMapParams, model: ModelFacts) {
  const found = model.tensors.find(({ name }) => name === tensor)
  if (found === undefined)
    throw new LamellaError(
      'invalid-argument',
      `tensor: ${tensor}: the model has no tensor of that name`,
      'lamella info lists them.'
    )
  const whole = matrixOf(found.shape)
  const side = (of: 'rows' | 'columns', asked: readonly [number, number] | null, most: number) => {
    const [from, to] = asked ?? [0, whole[of]]
    if (from > to || to > whole[of])
      throw new LamellaError(
        'invalid-argument',
        `${of}: ${from}:${to} is outside the ${whole[of]} ${of} of ${tensor}`,
        `Give a range from 0 to ${whole[of]}.`
      )
    return { from, to, each: Math.max(1, Math.ceil((to - from) / most)) }
  }
  const [down, across] = [side('rows', rows, cells[0]), side('columns', columns, cells[1])]
  const stored = found.tiedTo ?? tensor
  return { tensor, rows: down, columns: across, ...partOf(stored, found.shape, down, across) }
}
