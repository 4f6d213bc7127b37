import {
  addsFromRun,
  editAxes,
  type Addend,
  type Edit,
  type EditAxis,
  type IndexRange,
  type OtherRun
} from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { parseHookName } from '#common/model/hooks.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { hooksOf } from '../../architecture/hooks-of.ts'
import { hookAxes, type HookAxis } from './hook-axes.ts'
import type { RunnableModel } from '../model/model.ts'

/** Makes the error for an edit that does not fit. */
type Refuse = (reason: string, hint?: string) => LamellaError

/** Reads an input as token ids. */
type IdsOf = (input: RunInput) => Promise<number[]>

/**
 * Edits as runs keep them: every place a list of indices, in order, and left out where it is all of its axis; the
 * texts of other runs read as ids. Edits that say the same become equal.
 * @param count tokens of the run they are of
 * @throws LamellaError `invalid-argument` naming the edit that does not fit the model or the text
 */
export async function normalizedEdits(
  model: RunnableModel,
  edits: readonly Edit[],
  count: number,
  idsOf: IdsOf
): Promise<Edit[]> {
  const normalized: Edit[] = []
  for (const [place, edit] of edits.entries()) {
    const { hook, scale } = edit
    const refuse: Refuse = (reason, hint) =>
      new LamellaError('invalid-argument', `edit ${place + 1}, ${hook}: ${reason}`, hint)
    checkHook(model, hook, refuse)
    const axes = hookAxes(model.spec, hook, count)
    const at = placesOf(axes, edit, refuse)
    const add = await addendOf(model, { ...edit, at }, axes, idsOf, refuse)
    normalized.push({ hook, at, scale, add })
  }
  return normalized
}

/** The indices that a normalized edit chooses along an axis of its hook's value. */
export function indicesOf(at: Edit['at'], { choice, length }: HookAxis): readonly number[] {
  const chosen = at[choice]
  return Array.isArray(chosen) ? chosen : Array.from({ length }, (_, index) => index)
}

function checkHook(model: RunnableModel, hook: string, refuse: Refuse): void {
  const layer = parseHookName(hook)?.layer ?? null
  const nLayers = model.spec.blocks.length
  if (layer !== null && layer >= nLayers) throw refuse(`layer ${layer} is outside 0…${nLayers - 1}`)
  if (!hooksOf(model.spec).includes(hook)) throw refuse(`is not a hook of ${model.info.name}`)
  const isEditable = layer !== null || hook.endsWith('embed')
  if (!isEditable)
    throw refuse(
      'is computed after the last block, where nothing is edited',
      'Edit hook_resid_post of the last block instead.'
    )
}

function placesOf(axes: readonly HookAxis[], { at }: Edit, refuse: Refuse): Edit['at'] {
  const places: { [Axis in EditAxis]?: IndexRange } = {}
  for (const choice of editAxes) {
    const range = at[choice]
    if (range === undefined) continue
    const axis = axes.find(axis => axis.choice === choice)
    if (axis === undefined)
      throw refuse(`has no axis ${choice}, it has ${axes.map(({ choice }) => choice).join(', ')}`)
    const indices = listed(range, axis.length)
    const last = indices.at(-1)
    if (last === undefined) throw refuse(`chooses nothing along ${choice}`)
    if (last >= axis.length) throw refuse(`${choice} ${last} is outside 0…${axis.length - 1}`)
    if (indices.length < axis.length) places[choice] = indices
  }
  return places
}

/** In order, each once; of a range that reaches beyond the axis, its last index. */
function listed(range: IndexRange, length: number): number[] {
  if (typeof range !== 'string') return [...new Set(range)].sort((a, b) => a - b)
  const [start = 0, end = 0] = range.split(':').map(Number)
  if (end > length) return [end - 1]
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
}

async function addendOf(
  model: RunnableModel,
  { hook, at, add }: Edit,
  axes: readonly HookAxis[],
  idsOf: IdsOf,
  refuse: Refuse
): Promise<Addend | null> {
  if (add === null || typeof add === 'number') return add
  if (add === '-inf') {
    if (!hook.endsWith('.attn.hook_attn_scores'))
      throw refuse('"-inf" is added to scores alone', 'They are at attn.hook_attn_scores.')
    return add
  }
  if (add === 'mean') {
    if (axes[0]!.choice !== 'pos') throw refuse('has no positions to take a mean over')
    return add
  }
  if (addsFromRun(add))
    return { ...add, from: await otherRun(model, add, axes, { at, idsOf, refuse }) }
  const chosen = axes.map(axis => indicesOf(at, axis).length)
  const units = chosen.at(-1)!
  const entries = chosen.reduce((product, length) => product * length, 1)
  if (add.length !== units && add.length !== entries)
    throw refuse(
      `adds a list of ${add.length}, expected ${units} (one a unit) or ${entries} (all that is chosen)`
    )
  return [...add]
}

async function otherRun(
  model: RunnableModel,
  { from, hook }: Extract<Addend, { from: OtherRun }>,
  axes: readonly HookAxis[],
  { at, idsOf, refuse }: { at: Edit['at']; idsOf: IdsOf; refuse: Refuse }
): Promise<OtherRun> {
  if (!hooksOf(model.spec).includes(hook))
    throw refuse(`adds from ${hook}, which is not a hook of ${model.info.name}`)
  const ids = await idsOf(from.input)
  const theirs = hookAxes(model.spec, hook, ids.length)
  // Another text may be of another length where places are chosen, and they must be there.
  const fits =
    theirs.length === axes.length &&
    theirs.every(({ choice, length }, i) =>
      choice === 'pos' || choice === 'query' || choice === 'key'
        ? (length === axes[i]!.length || at[choice] !== undefined) &&
          indicesOf(at, axes[i]!).at(-1)! < length
        : length === axes[i]!.length
    )
  const shape = (of: readonly HookAxis[]) => `[${of.map(({ length }) => length).join(', ')}]`
  if (!fits)
    throw refuse(
      `adds from ${hook} ${shape(theirs)} of another run, where the places edited of ${shape(axes)} are not`,
      'Choose positions that both texts have, with at.'
    )
  return { input: { ids }, edits: await normalizedEdits(model, from.edits, ids.length, idsOf) }
}
