import { nonFiniteCount } from '#common/analysis/non-finite-count.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Forward } from './forward.ts'
import type { RunRecord } from './run-record.ts'
import { isOnnx, type Runnable } from './runnable.ts'

/**
 * The first part of a model whose output in a run is not finite. What is not finite stays so in the residual
 * stream: nothing is looked for where the last residual is finite.
 * @param last the last residual; null where the model gives none, and nothing is known
 */
export async function firstNonFinite(
  last: Tensor | null,
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  context: CallContext
): Promise<Run['firstNonFinite']> {
  if (last === null || isFinite(last)) return null
  const { model } = record
  const { hooks } = model.info
  const nLayers = isOnnx(model) ? model.onnx.widths.nLayers : model.spec.blocks.length
  const gives = async (hook: string) =>
    hooks.includes(hook) && !isFinite(await forward.value(record, hook, {}, context))
  if (await gives(blockHookName(0, 'hook_resid_pre'))) return 'embedding'
  for (let layer = 0; layer < nLayers - 1; layer++)
    if (await gives(blockHookName(layer, 'hook_resid_post'))) return layer
  return nLayers - 1
}

function isFinite({ data }: Tensor): boolean {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const { nan, infinite } = nonFiniteCount(bytes, 'F32')
  return nan + infinite === 0
}
