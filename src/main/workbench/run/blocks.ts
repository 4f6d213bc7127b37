import type { CallContext } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs } from '../../architecture/block-inputs.ts'
import { addOf, scaleOf } from '../../architecture/builder/construction.ts'
import type { Engine } from '../../engine/client.ts'
import {
  carriedIsGone,
  type CarriedFeed,
  type Carry,
  type EngineFeeds,
  type EngineTensors,
  type WantedOutput
} from '../../engine/protocol.ts'
import { applied, type AffineAt } from './affine.ts'
import { feeds, floatFeed } from './feeds.ts'
import { float32, showMasked } from './hook-values.ts'
import { blockPart, detailPart, isDetail, type Part } from './parts.ts'
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
  /** Outputs beside the residual that leaves the block. */
  wanted(layer: number): readonly WantedOutput[]
  /** What it promises is waited for before the next block's results are taken. */
  take(layer: number, results: EngineTensors): void | Promise<void>
}

const leaving: WantedOutput = { name: 'hook_resid_post', type: 'float32' }

/** Passes so far, whoever made them; the residuals they leave in the engine are named after them. */
let passes = 0

export function createBlocks(engine: Engine, affineAt: AffineAt): Blocks {
  async function inputs(
    record: RunRecord,
    layer: number,
    context: CallContext
  ): Promise<EngineFeeds> {
    const { run, model } = record
    const all = { ...feeds(blockInputs(model.spec, layer, run.tokens.length)) }
    for (const hook of editedHooks(record, layer)) {
      const affine = (await affineAt(record, blockHookName(layer, hook), context))!
      all[scaleOf(hook)] = floatFeed(affine.scale)
      all[addOf(hook)] = floatFeed(affine.add)
    }
    return all
  }

  async function runPart(
    record: RunRecord,
    layer: number,
    { name, source }: Part,
    entering: Tensor | CarriedFeed,
    wanted: readonly WantedOutput[],
    context: CallContext,
    carry?: Carry
  ): Promise<EngineTensors> {
    const edit = await affineAt(record, blockHookName(layer, 'hook_resid_pre'), context)
    const given =
      'carried' in entering ? entering : floatFeed(edit ? applied(entering, edit) : entering)
    const all = { ...(await inputs(record, layer, context)), hook_resid_pre: given }
    const results = await engine.run(name, source, all, wanted, context.signal, carry)
    const scores = results['attn.hook_attn_scores']
    if (scores !== undefined) showMasked(scores.data)
    return results
  }

  return {
    inputs,

    async detail(record, layer, entering, wanted, context) {
      const { model, run } = record
      const hooks = wanted.map(({ name }) => name as BlockHook)
      const part = detailPart(model, run.source.provider, layer, editedHooks(record, layer), hooks)
      for (const other of engine.parts())
        if (isDetail(other) && other !== part.name) await engine.release(other)
      return runPart(record, layer, part, entering, wanted, context)
    },

    async pass(record, from, to, first, taking, context) {
      const { model, run } = record
      const nLayers = model.spec.blocks.length
      const pass = ++passes
      const residualNamed = (layer: number) => ({ carried: `${pass}.${layer}` })

      /** Resolves once the results of the block before were taken. */
      let taken: Promise<void> = Promise.resolve()

      async function runOne(
        layer: number,
        part: Part,
        entering: Tensor | CarriedFeed
      ): Promise<Tensor> {
        const carry = { output: leaving.name, name: residualNamed(layer + 1).carried }
        const outputs = [leaving, ...taking.wanted(layer)]
        const results = await runPart(record, layer, part, entering, outputs, context, carry)
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
        const part = blockPart(model, run.source.provider, layer, editedHooks(record, layer), hooks)
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
          entering = runOne(layer, part, residualNamed(layer)).catch(async (error: unknown) => {
            if (toLamellaError(error).message !== carriedIsGone) throw error
            return runOne(layer, part, await before)
          })
        // Told where it is awaited, also when the block before fails first.
        entering.catch(() => undefined)
        await before
      }
      return entering
    }
  }
}
