import type { CallContext } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs, seenKeys } from '../../architecture/block-inputs.ts'
import { addOf, scaleOf } from '../../architecture/builder/construction.ts'
import type { Engine } from '../../engine/client.ts'
import {
  carriedIsGone,
  type CarriedFeed,
  type EngineFeeds,
  type EngineResults,
  type EngineTensors,
  type WantedOutput
} from '../../engine/protocol.ts'
import { affineFrom, applied, type AffineAt } from './affine.ts'
import { feeds, floatFeed } from './feeds.ts'
import { float32, showMasked } from './hook-values.ts'
import { afterPastPart, blockPart, detailPart, isDetail, type Part } from './parts.ts'
import { pastFeeds, presentCarries, type Past } from './past.ts'
import { editedHooks } from './record-edits.ts'
import type { RunRecord } from './run-record.ts'

/** Runs the blocks of models, as runs edit them. */
export interface Blocks {
  /**
   * Looks at one block, by the part that computes all of its hooks: one such part is loaded at a time, for its weights
   * are loaded twice.
   * @param entering the residual that comes in, before it is edited
   */
  detail(
    record: RunRecord,
    layer: number,
    entering: Tensor,
    wanted: readonly WantedOutput[],
    context: CallContext
  ): Promise<EngineTensors>
  /**
   * Runs blocks `from` to `to`, by parts that stay loaded and compute what is wanted of them and no more.
   * @param entering the residual that comes into block `from`
   * @returns the residual that comes into block `to`
   */
  pass(
    record: RunRecord,
    from: number,
    to: number,
    entering: Tensor,
    pass: Pass,
    context: CallContext
  ): Promise<Tensor>
  /** What a block's inputs are beside the residual that comes in: positions, and what edits it. */
  inputs(record: RunRecord, layer: number, context: CallContext): Promise<EngineFeeds>
}

/** What is taken from the blocks that a pass goes through. */
export interface Pass {
  /** Outputs beside the residual that leaves the block; none after a past. */
  wanted(layer: number): readonly WantedOutput[]
  /** Which of them are taken over in the files that they cross in, where they are large. */
  readonly filed?: readonly string[]
  /** What it promises is waited for before the next block's results are taken. */
  take(layer: number, results: EngineResults): void | Promise<void>
  /** Where the run's first tokens are past, and what comes in is of those that follow. */
  readonly past?: Past
}

const leaving: WantedOutput = { name: 'hook_resid_post', type: 'float32' }

/** Passes so far, whoever made them; the residuals they leave in the engine, one at a time, are named after them. */
let passes = 0

export function createBlocks(engine: Engine, affineAt: AffineAt): Blocks {
  async function inputs(
    record: RunRecord,
    layer: number,
    context: CallContext,
    past?: Past
  ): Promise<EngineFeeds> {
    const { run, model } = record
    const all: Record<string, EngineFeeds[string]> = {
      ...feeds(blockInputs(model.spec, layer, run.tokens.length, past?.count)),
      ...feeds(
        seenKeys(
          model.spec,
          run.tokens.map(({ id }) => id)
        )
      ),
      ...(past && pastFeeds(model.spec, layer, past))
    }
    for (const hook of editedHooks(record, layer)) {
      const whole = (await affineAt(record, blockHookName(layer, hook), context))!
      const affine = affineFrom(whole, hook, past?.count ?? 0)
      all[scaleOf(hook)] = floatFeed(affine.scale)
      all[addOf(hook)] = floatFeed(affine.add)
    }
    return all
  }

  /** All that a block takes in. */
  async function fed(
    record: RunRecord,
    layer: number,
    entering: Tensor | CarriedFeed,
    context: CallContext,
    past?: Past
  ): Promise<EngineFeeds> {
    const hook = blockHookName(layer, 'hook_resid_pre')
    const edit = await affineAt(record, hook, context)
    const edited = (value: Tensor) =>
      edit === null ? value : applied(value, affineFrom(edit, hook, past?.count ?? 0))
    const given = 'carried' in entering ? entering : floatFeed(edited(entering))
    return { ...(await inputs(record, layer, context, past)), hook_resid_pre: given }
  }

  return {
    inputs,

    async detail(record, layer, entering, wanted, context) {
      const { model, run } = record
      const hooks = wanted.map(({ name }) => name as BlockHook)
      const part = detailPart(model, run.source.provider, layer, editedHooks(record, layer), hooks)
      for (const other of engine.parts())
        if (isDetail(other) && other !== part.name) await engine.release(other)
      const given = await fed(record, layer, entering, context)
      return shown(await engine.run(part.name, part.source, given, wanted, context.signal))
    },

    async pass(record, from, to, first, taking, context) {
      const { model, run } = record
      const { past } = taking
      const nLayers = model.spec.blocks.length
      const pass = ++passes
      const residualAt = (layer: number) => ({ place: 'residual', name: `${pass}.${layer}` })

      /** Resolves once the results of the block before were taken. */
      let taken: Promise<void> = Promise.resolve()

      async function runOne(
        layer: number,
        part: Part,
        entering: Tensor | CarriedFeed
      ): Promise<Tensor> {
        const carry = [
          { output: leaving.name, ...residualAt(layer + 1) },
          ...(past ? presentCarries(layer, past, run.tokens.length) : [])
        ]
        const outputs = [leaving, ...taking.wanted(layer)]
        const given = await fed(record, layer, entering, context, past)
        const { signal } = context
        const { filed = [] } = taking
        const results = shown(
          await engine.run(part.name, part.source, given, outputs, signal, carry, filed)
        )
        taken = taken.then(() => taking.take(layer, results))
        await taken
        return float32(results[leaving.name])
      }

      let entering = Promise.resolve(first)
      for (let layer = from; layer < to; layer++) {
        context.progress({
          label: `Running block ${layer + 1} of ${nLayers}`,
          done: layer,
          total: nLayers
        })
        const hooks = taking.wanted(layer).map(({ name }) => name as BlockHook)
        const { provider } = run.source
        const edited = editedHooks(record, layer)
        const part = past
          ? afterPastPart(model, provider, layer, edited)
          : blockPart(model, provider, layer, edited, hooks)
        const before = entering
        if (!engine.parts().includes(part.name)) {
          // Nothing is asked for ahead of a load: it could take the place of the block that comes next.
          entering = Promise.resolve(await runOne(layer, part, await before))
          continue
        }
        const isEdited =
          (await affineAt(record, blockHookName(layer, 'hook_resid_pre'), context)) !== null
        if (layer === from || isEdited) entering = runOne(layer, part, await before)
        else
          entering = runOne(layer, part, { carried: residualAt(layer) }).catch(
            async (error: unknown) => {
              if (toLamellaError(error).message !== carriedIsGone) throw error
              return runOne(layer, part, await before)
            }
          )
        // Told where it is awaited, also when the block before fails first.
        entering.catch(() => undefined)
        await before
      }
      return entering
    }
  }
}

/** Results as the field's tools have them: with −∞ where a score is masked. */
function shown<T extends EngineResults>(results: T): T {
  const scores = results['attn.hook_attn_scores']
  if (scores !== undefined && 'data' in scores) showMasked(scores.data)
  return results
}
