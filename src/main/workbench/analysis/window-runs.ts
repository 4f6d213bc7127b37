import type { Needs, Side, Taken } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { checkIndex } from '#common/model/check-index.ts'
import type { Edit } from '#common/model/edit.ts'
import { isResidual, parseHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { everyPosition, rowGroups } from '../run/each-logits.ts'
import type { DirectEffects } from '../run/direct-effects.ts'
import type { Forward } from '../run/forward.ts'
import type { Gradients } from '../run/gradients.ts'
import { sliceAt } from '../run/hook-values.ts'
import type { RunRecord } from '../run/run-record.ts'
import type { RunValues } from '../run/run-values.ts'
import { isOnnx, type Runnable } from '../run/runnable.ts'
import { passingValues } from '../run/passing-values.ts'
import { eachWeight } from './each-weight.ts'
import { maskPositions } from './mask-positions.ts'

type Take = (taken: Taken, side: Side) => Promise<void>

/** A run of a window, and what an analysis needs of it. */
export interface WindowRun {
  readonly record: RunRecord<Runnable>
  readonly needs: Needs
  /** The same run with these edits after its own. */
  readonly edited: (edits: readonly Edit[]) => Promise<RunRecord<Runnable>>
}

/** Runs whose values are handed over: those of one subject, or of two that are compared. */
export interface WindowRuns {
  /** Values of runs that are looked at: they come from the trace cache, or are kept there, but for exact ones of patterns and scores. */
  kept(runs: readonly WindowRun[], take: Take, context: CallContext): Promise<void>
  /** Values of runs that are gone through once, float32 as computed. Nothing of them is kept. */
  visited(runs: readonly WindowRun[], take: Take, context: CallContext): Promise<void>
}

/** The logits of a run at some positions, and after them what its way out makes of the values that are to go through it. */
type WayOut = (positions: readonly number[]) => Promise<Tensor>

/** Computes runs: what a forward pass gives, and what goes back through it. */
export interface Computing {
  readonly forward: Forward<Runnable>
  readonly gradients: Gradients<Runnable>
  readonly direct: DirectEffects<Runnable>
}

/** Hands over the values of a run, but for what its way out makes of them: that it gives. */
type Values = (
  forward: Forward<Runnable>,
  run: WindowRun,
  take: (taken: Taken) => Promise<void>,
  context: CallContext
) => Promise<WayOut>

/**
 * @param lasting keeps in the cache what it computes
 * @param computing keeps it where it is told
 */
export function createWindowRuns(
  cache: RunValues,
  lasting: Computing,
  computing: (values: RunValues) => Computing
): WindowRuns {
  /**
   * What computes a run of which nothing is kept but the last residual, or while it is differentiated all of them; what it
   * shares with others is found beneath.
   */
  const passingBy =
    (beneath: RunValues): ComputingOf =>
    ({ run }, most) =>
      computing(passingValues(beneath, new Set([run.id]), most))

  return {
    kept: (runs, take, context) =>
      each(lasting, runs, { values: keptValues, editedBy: passingBy(cache) }, take, context),
    visited(runs, take, context) {
      const ids = runs.flatMap(({ record: { run, unedited } }) =>
        unedited === null ? [run.id] : [run.id, unedited.run.id]
      )
      const values = passingValues(cache, new Set(ids))
      const ways = { values: visitedValues, editedBy: passingBy(values) }
      return each(computing(values), runs, ways, take, context)
    }
  }
}

async function each(
  { forward, gradients, direct }: Computing,
  runs: readonly WindowRun[],
  { values, editedBy }: { readonly values: Values; readonly editedBy: ComputingOf },
  take: Take,
  context: CallContext
): Promise<void> {
  const ways: WayOut[] = []
  for (const [i, run] of runs.entries()) {
    const own = (taken: Taken) => take(taken, i as Side)
    ways.push(await values(forward, run, own, context))
    if (run.needs.weights.length > 0)
      await eachWeight(run.record.model, run.needs.weights, own, context)
    await someGradients(gradients, run.record, run.needs.gradient, null, own, context)
    if (run.needs.direct !== null)
      await direct.of(
        run.record,
        run.needs.direct,
        taken => own({ kind: 'direct', ...taken }),
        context
      )
  }
  const [first] = runs as readonly [WindowRun]
  const { dVocab } = first.record.model.info.config!
  const rowsOfEach = 1 + first.needs.unembedded.length
  const groups = rowGroups(await positionsWanted(first), dVocab, rowsOfEach)
  const wanted = groups.flatMap(positions =>
    ways.map((logits, side) => ({ positions, side: side as Side, logits }))
  )
  const begun = oneAhead(wanted, ({ logits, positions }) => logits(positions))
  for await (const [{ positions, side }, { data }] of begun) {
    context.signal.throwIfAborted()
    await take({ kind: 'logits', positions, data }, side)
  }
  for (const [side, run] of runs.entries())
    await someEdited(editedBy, run, groups, taken => take(taken, side as Side), context)
}

/** Does work for each, one after the other, and begins the next before one is looked at. */
async function* oneAhead<T, R>(
  each: readonly T[],
  work: (one: T) => Promise<R>
): AsyncGenerator<readonly [T, R]> {
  const begin = (i: number) => {
    const result = each[i] && work(each[i])
    // Told where it is awaited, which may not come to pass.
    result?.catch(() => undefined)
    return result
  }
  let next = begin(0)
  for (const [i, one] of each.entries()) {
    const result = await next!
    next = begin(i + 1)
    yield [one, result]
  }
}

/** Computes one run. @param most bytes of its residuals that are kept; as many as those of any run where it is left out */
type ComputingOf = (record: RunRecord<Runnable>, most?: number) => Computing

/** Runs a window again, edited in one way after the other. */
async function someEdited(
  computingOf: ComputingOf,
  { needs, edited }: WindowRun,
  groups: readonly (readonly number[])[],
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  const total = needs.edited.length
  const inside = { ...context, progress: () => undefined }
  for (const [place, edits] of needs.edited.entries()) {
    context.progress({ label: `Edited run ${place + 1} of ${total}`, done: place, total })
    const record = await edited(edits)
    const isDifferentiated = (needs.editedGradient?.hooks.length ?? 0) > 0
    const { forward, gradients } = computingOf(record, isDifferentiated ? undefined : 0)
    await someGradients(gradients, record, needs.editedGradient, place, take, inside)
    for (const positions of groups) {
      const { data } = await forward.logits(record, positions, inside)
      await take({ kind: 'edited', place, positions, data })
    }
  }
}

const keptValues: Values = async (forward, run, take, context) => {
  const { record, needs } = run
  if (isOfMost(run)) return passedValues(forward, run, take, context)
  await eachValue(forward, record, needs, take, context)
  const beside: Tensor[] = []
  for (const hook of needs.unembedded)
    beside.push(await forward.value(record, hook, { exact: true }, context))
  return positions => forward.logits(record, positions, context, beside)
}

/** Whether exact values are wanted of so many blocks that a pass through all of them gives them sooner than each by itself. */
function isOfMost({ record, needs }: WindowRun): boolean {
  const { hooks, exact, edited, gradient } = needs
  // What is computed further goes on from residuals that are kept.
  if (!exact || edited.length > 0 || gradient !== null) return false
  const inside = hooks.filter(hook => !isResidual(hook))
  if (inside.length <= 1 || hooks.some(hook => parseHookName(hook)?.layer === null)) return false
  return inside.length >= record.model.info.config!.nLayers
}

const visitedValues: Values = async (forward, run, take, context) => {
  const { record, needs } = run
  const { hooks, logits, edited } = needs
  const isKept = edited.length > 0 || (hooks.length === 0 && logits === null)
  if (isKept || (await isAtHand(forward, record, needs)))
    return keptValues(forward, run, take, context)
  return passedValues(forward, run, take, context)
}

/** Runs the text once and hands over values as they come. */
const passedValues: Values = async (forward, { record, needs }, take, context) => {
  const { hooks, slice, unembedded } = needs
  /** What goes through the way out once the last block has run. */
  const held = new Map<string, Tensor>()
  const logits = await forward.visit(
    record,
    [...new Set([...hooks, ...unembedded])],
    async (hook, value) => {
      if (unembedded.includes(hook))
        held.set(hook, { shape: value.shape, data: value.data.slice() })
      if (hooks.includes(hook)) await take(handed(hook, value, slice))
    },
    context
  )
  return positions =>
    logits(
      positions,
      unembedded.map(hook => held.get(hook)!)
    )
}

/** Whether a run has been made whose residuals are kept, so that a few of its blocks are soon looked at by themselves. */
async function isAtHand(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  { hooks, logits }: Needs
): Promise<boolean> {
  const { model } = record
  if (isOnnx(model) || logits !== null || hooks.length * 2 > model.spec.blocks.length) return false
  return forward.isComplete(record)
}

async function eachValue(
  forward: Forward<Runnable>,
  record: RunRecord<Runnable>,
  { hooks, exact, slice }: Needs,
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  for (const hook of hooks) {
    const wanted = { exact, index: slice ?? undefined }
    await take(handed(hook, await forward.value(record, hook, wanted, context), null))
  }
}

/**
 * What is taken leaves this thread for good: it has a buffer of its own, and a residual, which is still wanted here, is
 * a copy.
 */
function handed(hook: string, value: Tensor, slice: number | null): Taken {
  const { shape, data } = sliceAt(value, slice ?? undefined)
  const isWhole = data.byteLength === data.buffer.byteLength
  const isMoved = isWhole && !isResidual(hook)
  return { kind: 'hook', hook, shape, data: isMoved ? data : data.slice() }
}

/** @param place of a further run among those that are asked for; null of the run itself */
async function someGradients(
  gradients: Gradients<Runnable>,
  record: RunRecord<Runnable>,
  gradient: Needs['gradient'],
  place: number | null,
  take: (taken: Taken) => Promise<void>,
  context: CallContext
): Promise<void> {
  if (gradient === null) return
  const { targets, hooks } = gradient
  for (const [target, own] of targets.entries()) {
    context.signal.throwIfAborted()
    const inside = targets.length === 1 ? context : { ...context, progress: () => undefined }
    if (targets.length > 1)
      context.progress({
        ...{ label: `Number ${target + 1} of ${targets.length}` },
        ...{ done: target, total: targets.length }
      })
    const value =
      hooks.length === 0
        ? await gradients.value(record, own, inside)
        : await gradients.visit(
            record,
            own,
            hooks,
            (hook, { shape, data: value }, { data }) =>
              take({ kind: 'gradient', place, target, hook, shape, value, data }),
            inside
          )
    await take({ kind: 'target', place, target, value })
  }
}

/**
 * The positions whose logits are wanted.
 * @throws LamellaError `invalid-argument` when the text has no such position
 */
async function positionsWanted({
  record: {
    model,
    run: { tokens }
  },
  needs: { logits }
}: WindowRun): Promise<readonly number[]> {
  if (logits === null) return []
  if (logits === 'every') return everyPosition(tokens.length)
  if (logits === 'last') return [tokens.length - 1]
  const positions = 'mask' in logits ? await maskPositions(model, tokens, logits.mask) : logits
  for (const position of positions) checkIndex('position', position, tokens.length)
  return positions
}
