import type { Edit, OtherRun } from '#common/model/edit.ts'
import { parseHookName, type BlockHook } from '#common/model/hooks.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { affineOf, type Affine, type AffineAt } from './affine.ts'
import { effectiveEdits } from './effective-edits.ts'
import { hookAxes } from './hook-axes.ts'
import { runRecord, tokensOfIds, type RunRecord } from './run-record.ts'

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

/**
 * What runs' edits make of hooks' values, each worked out once.
 * @param valueOf gives the value of a hook in a run, for what edits add from
 */
export function createRecordEdits(valueOf: ValueOf): AffineAt {
  const known = new WeakMap<RunRecord, Map<string, Promise<Affine | null>>>()
  return (record, hook) => {
    const ofRecord = known.get(record) ?? new Map<string, Promise<Affine | null>>()
    known.set(record, ofRecord)
    const affine = ofRecord.get(hook) ?? affineOfRecord(record, hook, valueOf)
    ofRecord.set(hook, affine)
    affine.catch(() => ofRecord.delete(hook))
    return affine
  }
}

type ValueOf = (record: RunRecord, hook: string) => Promise<Tensor>

async function affineOfRecord(
  record: RunRecord,
  hook: string,
  valueOf: ValueOf
): Promise<Affine | null> {
  const { run, model } = record
  const edits = effectiveEdits(run.source.edits).filter(edit => edit.hook === hook)
  if (edits.length === 0) return null
  const axes = hookAxes(model.spec, hook, run.tokens.length)
  const { causal, blocks } = model.spec
  const layer = parseHookName(hook)!.layer ?? 0
  const additions = new Map<Edit, Tensor | null>()
  for (const edit of edits) additions.set(edit, await additionOf(record, edit, valueOf))
  const visibility = { causal, reach: blocks[layer]!.attention.reach }
  return affineOf(axes, edits, visibility, edit => additions.get(edit)!)
}

async function additionOf(
  { run, model, unedited }: RunRecord,
  { hook, add }: Edit,
  valueOf: ValueOf
): Promise<Tensor | null> {
  if (add === 'mean') return meanOverPositions(await valueOf(unedited!, hook))
  if (typeof add !== 'object' || add === null || !('from' in add)) return null
  const { input, edits }: OtherRun = add.from
  const tokens = tokensOfIds(model, 'ids' in input ? input.ids : [])
  const other = runRecord(
    model,
    { input, edits: [...edits], provider: run.source.provider },
    tokens
  )
  return valueOf(other, add.hook)
}

/** @returns [1, …] */
function meanOverPositions({ shape: [count = 0, ...rest], data }: Tensor): Tensor {
  const width = elementCount(rest)
  const sums = new Float64Array(width)
  data.forEach((value, i) => (sums[i % width]! += value))
  return { shape: [1, ...rest], data: Float32Array.from(sums, sum => sum / count) }
}
