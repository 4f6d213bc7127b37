import type { Handlers } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { bytesPerElement, elementCount } from '#common/model/tensor.ts'
import { readWindowBytes } from '../../checkpoint/read-window.ts'
import { checkUnchanged, type Model } from './model.ts'
import type { OpenModels } from './open-models.ts'

/** What goes into one message, in bytes. */
const mostBytes = 2 ** 30

/** Parts of stored tensors, as they are stored. */
export interface TensorSlices {
  readonly handlers: Pick<Handlers, 'models.slice'>
}

export function createTensorSlices(models: Pick<OpenModels, 'get' | 'use'>): TensorSlices {
  return {
    handlers: {
      'models.slice'({ modelId, tensor, range }, context) {
        const model = models.get(modelId)
        return models.use(model, context, () => slice(model, tensor, range))
      }
    }
  }
}

/** @param range of each axis the first and the one after the last; all where it is null */
async function slice(
  model: Model,
  tensor: string,
  range: readonly (readonly [number, number])[] | null
) {
  const entry = model.checkpoint.tensors.get(tensor)
  if (entry === undefined)
    throw new LamellaError(
      'invalid-argument',
      `${tensor}: the model has no tensor of that name`,
      'lamella info lists them.'
    )
  const { shape: whole, dtype } = entry
  const asked = range ?? whole.map(length => [0, length] as const)
  const isInside = ([from, to]: readonly [number, number], axis: number) =>
    from <= to && to <= whole[axis]!
  if (asked.length !== whole.length || !asked.every(isInside))
    throw new LamellaError(
      'invalid-argument',
      `${tensor}: ${asked.map(([from, to]) => `${from}:${to}`).join(', ')} is outside [${whole.join(', ')}]`,
      'Give a range within each of its axes, such as 0:300,100:300.'
    )
  const shape = asked.map(([from, to]) => to - from)
  if (elementCount(shape) * bytesPerElement[dtype] > mostBytes)
    throw new LamellaError(
      'invalid-argument',
      `${tensor}: [${shape.join(', ')}] of ${dtype} is more than ${mostBytes} bytes`,
      'Give a smaller range.'
    )
  await checkUnchanged(model)
  const start = asked.map(([from]) => from)
  const bytes = await readWindowBytes(entry, { start, size: shape, transposed: false })
  return { dtype, shape, bytes }
}
