import type { Taken } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import {
  bytesPerElement,
  elementCount,
  floatDTypes,
  type FloatDType
} from '#common/model/tensor.ts'
import type { Checkpoint, TensorEntry } from '../../checkpoint/checkpoint.ts'
import { readPieces } from '../../checkpoint/read.ts'
import { checkUnchanged, type Model } from '../model/model.ts'

/**
 * Reads every floating-point tensor of a model's files, each place in a file once, and hands it over piece by piece;
 * an empty piece comes before the others.
 * @throws LamellaError when a file changed or can no longer be read; what the signal is aborted with
 */
export async function eachStoredFloat(
  model: Model,
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  const stored = storedFloats(model.checkpoint)
  const total = stored.reduce((sum, { entry }) => sum + elementCount(entry.shape), 0)
  let done = 0
  for (const [place, { entry, dtype, names }] of stored.entries()) {
    await checkUnchanged(model)
    const label = `Reading tensor ${place + 1} of ${stored.length}`
    context.progress({ label, done, total })
    await take({ kind: 'tensor', names, dtype, bytes: new Uint8Array(0) })
    await readPieces(entry, async piece => {
      context.signal.throwIfAborted()
      await take({ kind: 'tensor', names, dtype, bytes: piece.slice() })
      done += piece.length / bytesPerElement[dtype]
      context.progress({ label, done, total })
    })
  }
}

interface StoredTensor {
  readonly entry: TensorEntry
  readonly dtype: FloatDType
  /** More than one where tensors of a file share their bytes. */
  readonly names: string[]
}

function storedFloats({ tensors }: Checkpoint): StoredTensor[] {
  const places = new Map<string, StoredTensor>()
  for (const [name, entry] of tensors) {
    const { dtype, shape, strides, file, offset } = entry
    if (name !== entry.name || !isFloat(dtype)) continue
    const place = JSON.stringify([file.path, offset, dtype, shape, strides])
    const known = places.get(place)
    if (known === undefined) places.set(place, { entry, dtype, names: [name] })
    else known.names.push(name)
  }
  return [...places.values()]
}

function isFloat(dtype: TensorEntry['dtype']): dtype is FloatDType {
  return (floatDTypes as readonly string[]).includes(dtype)
}
