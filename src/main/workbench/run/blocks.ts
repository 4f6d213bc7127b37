import type { CallContext } from '#common/contract/rpc.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { addOf, scaleOf } from '../../architecture/builder/construction.ts'
import type { Engine } from '../../engine/client.ts'
import {
  carriedIsGone,
  type CarriedFeed,
  type EngineFeed,
  type EngineFeeds,
  type EngineResults,
  type EngineTensors,
  type WantedOutput
} from '../../engine/protocol.ts'
import { affineFrom, applied, type AffineAt } from './affine.ts'
import { floatFeed } from './feeds.ts'
import { float32, showMasked } from './hook-values.ts'
import { outputOfBlock } from './block-names.ts'
import { chunkOf, chunksOf, layersOf, only, type Chunk } from './chunks.ts'
import {
  afterPastPart,
  areOfEvery,
  blocksPart,
  detailPart,
  isDetail,
  type BlocksPart
} from './parts.ts'
import { partInputs } from './part-inputs.ts'
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
   * Runs blocks `from` to `to`, by parts that stay loaded and compute what is wanted of them and no more: of a short text
   * several at a call, where nothing between them is asked for.
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

/**
 * Up to so many tokens several blocks run at a call. Of longer texts one takes so long that what a call costs does not show, while a
 * run is to stop between blocks, tell how far it is and hold what one of them gave.
 */
const mostTogether = 128

/** Passes so far, whoever made them; the residuals they leave in the engine, one at a time, are named after them. */
let passes = 0

export function createBlocks(engine: Engine, affineAt: AffineAt): Blocks {
  /**
   * What a part takes in beside the residual.
   * @param blocks those of the part; where it is one, it is as the run edits it
   * @param range those that run
   */
  async function inputs(
    record: RunRecord,
    blocks: Chunk,
    range: Chunk,
    context: CallContext,
    past?: Past
  ): Promise<EngineFeeds> {
    const { run, model } = record
    const ids = run.tokens.map(({ id }) => id)
    const all: Record<string, EngineFeeds[string]> = {
      ...partInputs(model.spec, blocks, range, ids, past?.count)
    }
    const { from: layer, to } = blocks
    if (to - layer > 1) return all
    if (past) Object.assign(all, pastFeeds(model.spec, layer, past))
    for (const hook of editedHooks(record, layer)) {
      const whole = (await affineAt(record, blockHookName(layer, hook), context))!
      const affine = affineFrom(whole, hook, past?.count ?? 0)
      all[scaleOf(hook)] = floatFeed(affine.scale)
      all[addOf(hook)] = floatFeed(affine.add)
    }
    return all
  }

  const inputsOfOne = (record: RunRecord, layer: number, context: CallContext) =>
    inputs(record, only(layer), only(layer), context)

  /** What comes into a block, as the run edits it. */
  async function edited(
    record: RunRecord,
    layer: number,
    entering: Tensor,
    context: CallContext,
    past?: Past
  ): Promise<EngineFeed> {
    const hook = blockHookName(layer, 'hook_resid_pre')
    const edit = await affineAt(record, hook, context)
    return floatFeed(
      edit === null ? entering : applied(entering, affineFrom(edit, hook, past?.count ?? 0))
    )
  }

  async function isEntryEdited(
    record: RunRecord,
    layer: number,
    context: CallContext
  ): Promise<boolean> {
    return (await affineAt(record, blockHookName(layer, 'hook_resid_pre'), context)) !== null
  }

  return {
    inputs: inputsOfOne,

    async detail(record, layer, entering, wanted, context) {
      const { model, run } = record
      const hooks = wanted.map(({ name }) => name as BlockHook)
      const part = detailPart(model, run.source.provider, layer, editedHooks(record, layer), hooks)
      for (const other of engine.parts())
        if (isDetail(other) && other !== part.name) await engine.release(other)
      const given = {
        ...(await inputsOfOne(record, layer, context)),
        hook_resid_pre: await edited(record, layer, entering, context)
      }
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

      const { provider } = run.source
      const chunks = past ? [] : chunksOf(model, provider, engine.budget())

      function partAt(layer: number): BlocksPart {
        const edited = editedHooks(record, layer)
        if (past) return afterPastPart(model, provider, layer, edited)
        const hooks = taking.wanted(layer).map(({ name }) => name as BlockHook)
        const isPlain = edited.length === 0 && areOfEvery(hooks)
        const blocks = isPlain ? chunkOf(chunks, layer) : only(layer)
        return blocksPart(model, provider, blocks, edited, hooks)
      }

      /** The blocks from one on that run at one call. */
      async function rangeFrom(layer: number, part: BlocksPart): Promise<Chunk> {
        let end = layer + 1
        if (run.tokens.length <= mostTogether)
          while (
            end < Math.min(to, part.blocks.to) &&
            partAt(end).name === part.name &&
            !(await isEntryEdited(record, end, context))
          )
            end++
        return { from: layer, to: end }
      }

      async function runRange(
        range: Chunk,
        part: BlocksPart,
        entering: Tensor | CarriedFeed
      ): Promise<Tensor> {
        const layers = layersOf(range)
        const last = range.to - 1
        const carry = [
          { output: outputOfBlock(last, leaving.name), ...residualAt(range.to) },
          ...(past ? presentCarries(last, past, run.tokens.length) : [])
        ]
        const wanted = layers.flatMap(layer =>
          [leaving, ...taking.wanted(layer)].map(({ name, type }) => ({
            name: outputOfBlock(layer, name),
            type
          }))
        )
        const filed = layers.flatMap(layer =>
          (taking.filed ?? []).map(name => outputOfBlock(layer, name))
        )
        const given = {
          ...(await inputs(record, part.blocks, range, context, past)),
          hook_resid_pre:
            'carried' in entering
              ? entering
              : await edited(record, range.from, entering, context, past)
        }
        const { signal } = context
        const results = await engine.run(
          part.name,
          part.source,
          given,
          wanted,
          signal,
          carry,
          filed
        )
        const each = layers.map(layer => shown(resultsOf(layer, results)))
        taken = taken.then(async () => {
          for (const [i, layer] of layers.entries()) await taking.take(layer, each[i]!)
        })
        await taken
        return float32(each.at(-1)![leaving.name])
      }

      let entering = Promise.resolve(first)
      let layer = from
      while (layer < to) {
        const part = partAt(layer)
        const range = await rangeFrom(layer, part)
        context.progress({ label: progressLabel(range, nLayers), done: layer, total: nLayers })
        const before = entering
        if (!engine.parts().includes(part.name)) {
          // Nothing is asked for ahead of a load: it could take the place of the part that comes next.
          entering = Promise.resolve(await runRange(range, part, await before))
        } else {
          if (layer === from || (await isEntryEdited(record, layer, context)))
            entering = runRange(range, part, await before)
          else
            entering = runRange(range, part, { carried: residualAt(layer) }).catch(
              async (error: unknown) => {
                if (toLamellaError(error).message !== carriedIsGone) throw error
                return runRange(range, part, await before)
              }
            )
          // Told where it is awaited, also when the blocks before fail first.
          entering.catch(() => undefined)
          await before
        }
        layer = range.to
      }
      return entering
    }
  }
}

function progressLabel({ from, to }: Chunk, nLayers: number): string {
  const which = to - from === 1 ? `block ${to}` : `blocks ${from + 1}–${to}`
  return `Running ${which} of ${nLayers}`
}

/** What one block gave, by its hooks' names within it. */
function resultsOf(layer: number, results: EngineResults): EngineResults {
  const own = outputOfBlock(layer, '')
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, value]) =>
      name.startsWith(own) ? [[name.slice(own.length), value]] : []
    )
  )
}

/** Results as the field's tools have them: with −∞ where a score is masked. */
function shown<T extends EngineResults>(results: T): T {
  const scores = results['attn.hook_attn_scores']
  if (scores !== undefined && 'data' in scores) showMasked(scores.data)
  return results
}
