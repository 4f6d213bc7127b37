import { elementCount, type Tensor } from '#common/model/tensor.ts'
import type { WeightAddress } from '#common/model/weight-view.ts'
import { weightView } from '../../architecture/weight-views.ts'
import { readWindow } from '../../checkpoint/read-window.ts'
import type { RunnableModel } from './model.ts'

/** Values that are in memory of a weight that is read some rows at a time. */
const valuesAtOnce = 2 ** 22

/** Rows of a weight, [rows, …], from `start` on; `shape` is that of all of it. */
export interface WeightRows {
  readonly shape: readonly number[]
  readonly start: number
  readonly data: Float32Array
}

/**
 * A weight by its role, as [in, out], some rows at a time: nothing comes when the model has none such.
 * @throws LamellaError `invalid-argument` when there is no such layer or head, or the file can no longer be read
 */
export async function* weightRows(
  { spec, checkpoint }: Pick<RunnableModel, 'spec' | 'checkpoint'>,
  address: WeightAddress,
  atOnce = valuesAtOnce
): AsyncGenerator<WeightRows> {
  const view = weightView(spec, address)
  if (view === null) return
  const { shape, lies } = view
  const [rows = 0] = shape
  const step = Math.max(1, Math.floor(atOnce / elementCount(shape.slice(1))))
  // Its rows are the axis before the last, or the last where it lies transposed; of a bias the only one.
  const along = lies.size.length - (lies.transposed || shape.length === 1 ? 1 : 2)
  for (let start = 0; start < rows; start += step) {
    const window = {
      ...lies,
      start: lies.start.with(along, lies.start[along]! + start),
      size: lies.size.with(along, Math.min(step, rows - start))
    }
    yield { shape, start, data: await readWindow(checkpoint.tensors.get(lies.tensor)!, window) }
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
