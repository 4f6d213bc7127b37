import type { Taken, WantedWeight } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { checkUnchanged, type Model } from '../model/model.ts'
import { weightRows } from '../model/weights.ts'
import { isOnnx, runnable } from '../run/runnable.ts'
import { LamellaError } from '#common/model/errors.ts'

/**
 * Reads weights by role, one after the other and some rows at a time; those that the model lacks are passed over.
 * @throws LamellaError `unsupported` for a model that no family reads; `invalid-argument` when there is no such layer, head
 * or row; when a file changed or can no longer be read; what the signal is aborted with
 */
export async function eachWeight(
  opened: Model,
  wanted: readonly WantedWeight[],
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  const model = runnable(opened)
  if (isOnnx(model))
    throw new LamellaError(
      'unsupported',
      `${model.info.name}: which weights of an ONNX graph do what is not known`,
      'Open the model as safetensors or PyTorch files.'
    )
  const total = wanted.length
  for (const [done, address] of wanted.entries()) {
    context.progress({ label: `Reading weight ${done + 1} of ${total}`, done, total })
    await checkUnchanged(model)
    for await (const rows of weightRows(model, address)) {
      context.signal.throwIfAborted()
      await take({ kind: 'weight', address, ...rows })
    }
  }
}
