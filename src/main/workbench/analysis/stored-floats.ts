import type { Needs, Side, Taken } from '#common/analysis/analysis.ts'
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
 * Reads floating-point tensors of a model's files, or of two models in turn, each place in a file once, and hands them
 * over piece by piece; an empty piece comes before the others.
 * @param wanted names of tensors, aliases among them; those that are not stored as such do not come
 * @throws LamellaError when a file changed or can no longer be read; what the signal is aborted with
 */
export async function eachStoredFloat(
  models: readonly Model[],
  wanted: Needs['tensors'],
  take: (taken: Taken, side: Side) => Promise<void>,
  context: CallContext
): Promise<void> {
  const stored = inTurn(models.map(({ checkpoint }) => storedFloats(checkpoint, wanted)))
  const total = stored.reduce((sum, { entry }) => sum + elementCount(entry.shape), 0)
  let done = 0
  for (const [place, { entry, dtype, names, side }] of stored.entries()) {
    await checkUnchanged(models[side]!)
    const label = `Reading tensor ${place + 1} of ${stored.length}`
    context.progress({ label, done, total })
    const tensor = { kind: 'tensor', names, dtype, shape: entry.shape } as const
    await take({ ...tensor, bytes: new Uint8Array(0) }, side)
    await readPieces(entry, async piece => {
      context.signal.throwIfAborted()
      await take({ ...tensor, bytes: piece.slice() }, side)
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

function storedFloats({ tensors }: Checkpoint, wanted: Needs['tensors']): StoredTensor[] {
  const places = new Map<string, StoredTensor>()
  for (const [name, entry] of tensors) {
    const { dtype } = entry
    if (name !== entry.name || !isFloat(dtype)) continue
    const known = places.get(placeOf(entry))
    if (known === undefined) places.set(placeOf(entry), { entry, dtype, names: [name] })
    else known.names.push(name)
  }
  if (wanted === 'all') return [...places.values()]
  const entries = wanted.flatMap(name => tensors.get(name) ?? [])
  const chosen = new Set(entries.map(placeOf))
  return [...places].flatMap(([place, stored]) => (chosen.has(place) ? [stored] : []))
}

/** The tensors of one model, each followed by the other's of the same name; then those that the other has alone. */
function inTurn(
  sides: readonly (readonly StoredTensor[])[]
): readonly (StoredTensor & { readonly side: Side })[] {
  const [own = [], others = []] = sides
  const nameOf = ({ names: [name = ''] }: StoredTensor) => name
  const byName = new Map(others.map(stored => [nameOf(stored), { ...stored, side: 1 as const }]))
  const pairs = own.flatMap(stored => {
    const other = byName.get(nameOf(stored))
    byName.delete(nameOf(stored))
    return [{ ...stored, side: 0 as const }, ...(other === undefined ? [] : [other])]
  })
  return [...pairs, ...byName.values()]
}

/** Where a tensor lies and as what: those that are the same have the same. */
function placeOf({ file, offset, dtype, shape, strides }: TensorEntry): string {
  return JSON.stringify([file.path, offset, dtype, shape, strides])
}

function isFloat(dtype: TensorEntry['dtype']): dtype is FloatDType {
  return (floatDTypes as readonly string[]).includes(dtype)
}
