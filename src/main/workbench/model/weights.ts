import type { WantedWeight } from '#common/analysis/analysis.ts'
import { joined } from '#common/analysis/joined.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import type { WeightAddress, WeightView } from '#common/model/weight-view.ts'
import { weightView } from '../../architecture/weight-views.ts'
import { readWindow } from '../../checkpoint/read-window.ts'
import type { RunnableModel } from './model.ts'

/** Values that are in memory of a weight that is read some rows at a time. */
const valuesAtOnce = 2 ** 22

/** Rows of a weight, [rows, …], from `start` on; `shape` is that of all that comes of it. */
export interface WeightRows {
  readonly shape: readonly number[]
  readonly start: number
  readonly data: Float32Array
}

/**
 * A weight by its role, as [in, out] where it is not wanted transposed, some rows at a time: nothing comes when the model has
 * none such.
 * @throws LamellaError `invalid-argument` when there is no such layer, head or row, or the file can no longer be read
 */
export async function* weightRows(
  { spec, checkpoint }: Pick<RunnableModel, 'spec' | 'checkpoint'>,
  wanted: WantedWeight,
  atOnce = valuesAtOnce
): AsyncGenerator<WeightRows> {
  const view = weightView(spec, wanted)
  if (view === null) return
  const { shape, lies } = wanted.transposed ? turned(view) : view
  const [length = 0] = shape
  for (const row of wanted.rows ?? []) checkIndex('row', row, length, wanted.role)
  const rows = wanted.rows?.length ?? length
  const step = Math.max(1, Math.floor(atOnce / elementCount(shape.slice(1))))
  const entry = checkpoint.tensors.get(lies.tensor)!
  const read = (start: number, count: number) =>
    readWindow(entry, rowsOf({ shape, lies }, start, count))
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start)
    const parts = []
    for (const row of wanted.rows?.slice(start, start + count) ?? []) parts.push(await read(row, 1))
    const data = wanted.rows === undefined ? await read(start, count) : joined(parts, Float32Array)
    yield { shape: [rows, ...shape.slice(1)], start, data }
  }
}

/** As [out, in]; a bias stays. */
function turned({ shape, lies }: Place): Place {
  if (shape.length === 1) return { shape, lies }
  return { shape: shape.toReversed(), lies: { ...lies, transposed: !lies.transposed } }
}

type Place = Pick<WeightView, 'shape' | 'lies'>

function rowsOf({ shape, lies }: Place, start: number, count: number): WeightView['lies'] {
  // Rows are the axis before the last, or the last where it lies transposed; of a bias the only one.
  const along = lies.size.length - (lies.transposed || shape.length === 1 ? 1 : 2)
  return {
    ...lies,
    start: lies.start.with(along, lies.start[along]! + start),
    size: lies.size.with(along, count)
  }
}

/**
 * A weight by its role, as [in, out]; of the file its own bytes are read.
 * @returns null when the model has none such
 * @throws LamellaError `invalid-argument` when there is no such layer or head, or the file can no longer be read
 */
export async function readWeight(
  { spec, checkpoint }: Pick<RunnableModel, 'spec' | 'checkpoint'>,
  address: WeightAddress
): Promise<Tensor | null> {
  const view = weightView(spec, address)
  if (view === null) return null
  const { shape, lies } = view
  return { shape, data: await readWindow(checkpoint.tensors.get(lies.tensor)!, lies) }
}
