import { setImmediate as nextTurn } from 'node:timers/promises'
import { nonFiniteCount } from '#common/analysis/non-finite-count.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { ValueCheck } from '#common/contract/schemas.ts'
import {
  bytesPerElement,
  elementCount,
  floatDTypes,
  type FloatDType
} from '#common/model/tensor.ts'
import type { Checkpoint, TensorEntry } from '../../checkpoint/checkpoint.ts'
import { readPieces } from '../../checkpoint/read.ts'
import type { Model } from './model.ts'

/**
 * Reads every floating-point tensor of a model's files, one piece at a time, and counts what is not finite.
 * @throws LamellaError when a file changed or can no longer be read; `cancelled`
 */
export async function checkValues(model: Model, context: CallContext): Promise<ValueCheck> {
  const stored = storedFloats(model.checkpoint)
  const total = stored.reduce((sum, { entry }) => sum + elementCount(entry.shape), 0)
  const notFinite: ValueCheck['notFinite'] = []
  let values = 0
  for (const [place, { entry, dtype, names }] of stored.entries()) {
    const label = `Checking tensor ${place + 1} of ${stored.length}`
    context.progress({ label, done: values, total })
    const before = values
    let read = 0
    let nan = 0
    let infinite = 0
    await readPieces(entry, piece => {
      context.signal.throwIfAborted()
      const found = nonFiniteCount(piece, dtype)
      nan += found.nan
      infinite += found.infinite
      read += piece.length
      values = before + read / bytesPerElement[dtype]
      context.progress({ label, done: values, total })
    })
    if (nan + infinite > 0) notFinite.push(...names.map(name => ({ name, nan, infinite })))
    // What lies in memory is read without waiting: others get their turn here.
    await nextTurn()
  }
  return { tensors: stored.length, values, notFinite }
}

interface StoredTensor {
  readonly entry: TensorEntry
  readonly dtype: FloatDType
  /** More than one where tensors of a file share their bytes. */
  readonly names: string[]
}

/** The floating-point tensors of a checkpoint, each place in a file once. */
function storedFloats({ tensors }: Checkpoint): StoredTensor[] {
  const places = new Map<string, StoredTensor>()
  for (const [name, entry] of tensors) {
    const { dtype, shape, strides, file, offset } = entry
    if (name !== entry.name || !isFloat(dtype)) continue
    const place = JSON.stringify([file, offset, dtype, shape, strides])
    const known = places.get(place)
    if (known === undefined) places.set(place, { entry, dtype, names: [name] })
    else known.names.push(name)
  }
  return [...places.values()]
}

function isFloat(dtype: TensorEntry['dtype']): dtype is FloatDType {
  return (floatDTypes as readonly string[]).includes(dtype)
}
