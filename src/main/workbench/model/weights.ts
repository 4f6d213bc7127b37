import type { WantedWeight } from '#common/analysis/analysis.ts'
import { joined } from '#common/analysis/joined.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { elementCount, type Tensor, type TensorWindow } from '#common/model/tensor.ts'
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
  const place = wanted.transposed ? turned(view) : view
  const { shape } = place
  const [length = 0] = shape
  for (const row of wanted.rows ?? []) checkIndex('row', row, length, wanted.role)
  const rows = wanted.rows?.length ?? length
  const step = Math.max(1, Math.floor(atOnce / elementCount(shape.slice(1))))
  const read = (start: number, count: number) => readRows(checkpoint, place, start, count)
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start)
    const parts = []
    for (const row of wanted.rows?.slice(start, start + count) ?? []) parts.push(await read(row, 1))
    const data = wanted.rows === undefined ? await read(start, count) : joined(parts, Float32Array)
    yield { shape: [rows, ...shape.slice(1)], start, data }
  }
}

/** As [out, in]; a bias stays. */
function turned({ shape, lies, along }: Place): Place {
  if (shape.length === 1) return { shape, lies, along }
  const [first, ...others] = lies.map(window => ({ ...window, transposed: !window.transposed }))
  return { shape: shape.toReversed(), lies: [first!, ...others], along: 1 - along }
}

type Place = Pick<WeightView, 'shape' | 'lies' | 'along'>

/** Rows of a weight, of all its windows. */
async function readRows(
  { tensors }: Pick<RunnableModel, 'checkpoint'>['checkpoint'],
  { shape, lies, along }: Place,
  start: number,
  count: number
): Promise<Float32Array> {
  const read = (window: TensorWindow, from: number, rows: number) =>
    readWindow(tensors.get(window.tensor)!, someRows(window, shape.length, from, rows))
  if (lies.length === 1) return read(lies[0], start, count)
  const parts: Float32Array[] = []
  if (along === 0) {
    let before = 0
    for (const window of lies) {
      const own = window.size[rowsAxis(window, shape.length)]!
      const [from, to] = [Math.max(start, before), Math.min(start + count, before + own)]
      if (from < to) parts.push(await read(window, from - before, to - from))
      before += own
    }
    return joined(parts, Float32Array)
  }
  for (const window of lies) parts.push(await read(window, start, count))
  const sideBySide = Array.from({ length: count }, (_, row) =>
    parts.map(part => {
      const width = part.length / count
      return part.subarray(row * width, (row + 1) * width)
    })
  )
  return joined(sideBySide.flat(), Float32Array)
}

/** Rows are the axis before the last, or the last where it lies transposed; of a bias the only one. */
function rowsAxis({ size, transposed }: TensorWindow, rank: number): number {
  return size.length - (transposed || rank === 1 ? 1 : 2)
}

function someRows(window: TensorWindow, rank: number, start: number, count: number): TensorWindow {
  const axis = rowsAxis(window, rank)
  const { steps = [] } = window
  return {
    ...window,
    start: window.start.with(axis, window.start[axis]! + start * (steps[axis] ?? 1)),
    size: window.size.with(axis, count)
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
  const { shape } = view
  return { shape, data: await readRows(checkpoint, view, 0, shape[0]!) }
}
