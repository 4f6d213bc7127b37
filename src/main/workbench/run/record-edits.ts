import type { CallContext } from '#common/contract/rpc.ts'
import { addsFromRun, type Edit, type OtherRun } from '#common/model/edit.ts'
import { parseHookName, type BlockHook } from '#common/model/hooks.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import {
  affineOf,
  applied,
  scaled,
  sumOfProducts,
  type Affine,
  type AffineAt,
  type HookPlace
} from './affine.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { effectiveEdits } from './effective-edits.ts'
import { hookAxes } from './hook-axes.ts'
import { tokensOfIds } from '../model/tokenize.ts'
import { runRecord, type RunRecord } from './run-record.ts'

/**
 * Up to which block a run is the same as the one without edits: the residual that comes into that block is the last that
 * both have. −1 where they differ from the embedding on, or nothing is edited.
 */
export function sharedUpTo({ run }: RunRecord): number {
  const layers = effectiveEdits(run.source.edits).map(
    ({ hook }) => parseHookName(hook)!.layer ?? -1
  )
  return layers.length === 0 ? -1 : Math.min(...layers)
}

/** The hooks of a block that a run edits, but for the residual that enters it. */
export function editedHooks({ run }: RunRecord, layer: number): BlockHook[] {
  const hooks = effectiveEdits(run.source.edits).flatMap(({ hook }) => {
    const address = parseHookName(hook)!
    return address.layer === layer && address.hook !== 'hook_resid_pre' ? [address.hook] : []
  })
  return [...new Set(hooks)].sort()
}

/** What the edits of runs do. */
export interface RecordEdits {
  readonly affineAt: AffineAt
  /**
   * The gradient by the scale of one edit, a single number for all that it chooses.
   * @param place of the edit among those of the run
   * @param before the value of its hook before any edit
   * @param towards the gradient by what flows on from the hook
   */
  scaleGradient(
    record: RunRecord,
    place: number,
    before: Tensor,
    towards: Tensor,
    context: CallContext
  ): Promise<number>
}

type ValueOf = (record: RunRecord, hook: string, context: CallContext) => Promise<Tensor>

/** What edits come to is kept for the runs used last, up to so many bytes: of scores it is large. */
const mostBytes = 2 ** 23

/** What one takes beside its numbers, in bytes. */
const ownBytes = 1024

/** @param valueOf gives the value of a hook in a run, for what edits add from */
export function createRecordEdits(valueOf: ValueOf): RecordEdits {
  const known = createBoundedMap<Affine>(mostBytes, bytesOf)

  async function affineOfEdits(
    record: RunRecord,
    hook: string,
    edits: readonly Edit[],
    context: CallContext
  ): Promise<Affine | null> {
    const changing = effectiveEdits(edits)
    if (changing.length === 0) return null
    const additions = new Map<Edit, Tensor | null>()
    for (const edit of changing)
      additions.set(edit, await additionOf(record, edit, valueOf, context))
    return affineOf(changing, placeOf(record, hook), edit => additions.get(edit)!)
  }

  return {
    async affineAt(record, hook, context) {
      const edits = record.run.source.edits.filter(edit => edit.hook === hook)
      if (edits.length === 0) return null
      const key = `${record.run.id} ${hook}`
      const found = known.get(key)
      if (found !== undefined) return found
      const affine = await affineOfEdits(record, hook, edits, context)
      if (affine !== null) known.set(key, affine)
      return affine
    },

    async scaleGradient(record, place, before, towards, context) {
      const { edits } = record.run.source
      const edit = edits[place]!
      const others = (from: number, to?: number) =>
        affineOfEdits(
          record,
          edit.hook,
          edits.slice(from, to).filter(({ hook }) => hook === edit.hook),
          context
        )
      const earlier = await others(0, place)
      const later = await others(place + 1)
      const value = earlier === null ? before : applied(before, earlier)
      const gradient = later === null ? towards : scaled(towards, later)
      return sumOfProducts(edit, placeOf(record, edit.hook), value, gradient)
    }
  }
}

/** Where a hook's value lies: its axes, and which of its cells are seen where it is of queries and keys. */
function placeOf({ run, model }: RunRecord, hook: string): HookPlace {
  const { causal, blocks } = model.spec
  const layer = parseHookName(hook)!.layer ?? 0
  return {
    hook,
    axes: hookAxes(model.spec, hook, run.tokens.length),
    visibility: { causal, reach: blocks[layer]!.attention.reach }
  }
}

async function additionOf(
  { run, model, unedited }: RunRecord,
  { hook, add }: Edit,
  valueOf: ValueOf,
  context: CallContext
): Promise<Tensor | null> {
  if (add === 'mean') return meanOverPositions(await valueOf(unedited!, hook, context))
  if (!addsFromRun(add)) return null
  const { input, edits }: OtherRun = add.from
  const tokens = await tokensOfIds(model, 'ids' in input ? input.ids : [])
  const other = runRecord(
    model,
    { input, edits: [...edits], provider: run.source.provider },
    tokens
  )
  return valueOf(other, add.hook, context)
}

function bytesOf({ scale, add }: Affine): number {
  return ownBytes + scale.data.byteLength + add.data.byteLength
}

/** @returns [1, …] */
function meanOverPositions({ shape: [count = 0, ...rest], data }: Tensor): Tensor {
  const width = elementCount(rest)
  const sums = new Float64Array(width)
  data.forEach((value, i) => (sums[i % width]! += value))
  return { shape: [1, ...rest], data: Float32Array.from(sums, sum => sum / count) }
}
