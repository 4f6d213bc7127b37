import type { Tensor } from '#common/model/tensor.ts'
import type { WeightAddress } from '#common/model/weight-view.ts'
import { weightView } from '../../architecture/weight-views.ts'
import { readWindow } from '../../checkpoint/read-window.ts'
import type { RunnableModel } from '../run/parts.ts'

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
