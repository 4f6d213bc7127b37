import type { CallContext } from '#common/contract/rpc.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import {
  blockHookName,
  parseHookName,
  type BlockHook,
  type ModelHook
} from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { beforeEdit } from '../../architecture/builder/construction.ts'
import type { Engine } from '../../engine/client.ts'
import type { EngineFeeds, EngineResults, WantedOutput } from '../../engine/protocol.ts'
import type { Model } from '../model/model.ts'
import { affineFrom, applied } from './affine.ts'
import { createBlocks } from './blocks.ts'
import { embeddingFeed, positionEmbeddings, tokenEmbeddings } from './embeddings.ts'
import { feeds, floatFeed } from './feeds.ts'
import { hookAddress } from './hook-address.ts'
import { hookAxes } from './hook-axes.ts'
import { float32, hooksWithin, joined, keptType, layoutOf, rowsOf, sliceAt } from './hook-values.ts'
import { embeddingPart, unembeddingPart, type Part } from './parts.ts'
import type { RunnableModel } from '../model/model.ts'
import type { Past } from './past.ts'
import { createRecordEdits, sharedUpTo, type RecordEdits } from './record-edits.ts'
import { idsOf, type RunRecord } from './run-record.ts'
import type { RunValues } from './run-values.ts'

/**
 * Computes what runs ask for. A run keeps the residual that enters every block; all else inside a block is
 * a function of it, computed by running that block alone, and cached. Up to its first edit a run has the residuals
 * of the run without edits.
 */
export interface Forward<M extends Model = RunnableModel> {
  /**
   * Runs every block whose residual is not cached yet.
   * @returns the last residual that the model gives; null where it gives none
   */
  run(record: RunRecord<M>, context: CallContext): Promise<Tensor | null>
  /** Whether the last block has run. */
  isComplete(record: RunRecord<M>): Promise<boolean>
  /**
   * The value of one hook, as it flows on where it is edited.
   * @throws LamellaError `invalid-argument` when the model has no such hook, or its value no such index
   */
  value(
    record: RunRecord<M>,
    hook: string,
    wanted: WantedValue,
    context: CallContext
  ): Promise<Tensor>
  /** Logits of some positions. */
  logits(
    record: RunRecord<M>,
    positions: readonly number[],
    context: CallContext,
    beside?: readonly Tensor[]
  ): Promise<Tensor>
  /**
   * Runs a text once and hands over values of its blocks' hooks as they come, in float32; the next ones wait for what
   * `take` promises. Nothing is cached: it is for many texts, of each of which little is kept.
   * @returns what gives the logits of its positions
   */
  visit(
    record: RunRecord<M>,
    hooks: readonly string[],
    take: (hook: string, value: Tensor) => Promise<void>,
    context: CallContext
  ): Promise<LogitsAt>
}

/**
 * Logits of some positions, [positions.length, d_vocab]; of the text as a whole [1, label].
 * @param beside values of [pos, d_model], of each of which come as many rows after these: what the model's own way out
 *   makes of it, as if it were the last residual
 */
export type LogitsAt = (positions: readonly number[], beside?: readonly Tensor[]) => Promise<Tensor>

/** The forward pass of models that run block by block, with what the backward pass needs of it. */
export interface BlockForward extends Forward {
  readonly edits: RecordEdits
  /** The residual that comes into a block, before it is edited; the last one when `layer` is the blocks' number. */
  entering(record: RunRecord, layer: number, context: CallContext): Promise<Tensor>
  /**
   * The last residual of the tokens of a run that come after a past, [pos, d_model]. Keys and values of all its tokens
   * then lie in the engine in place of the past's. Nothing is cached.
   * @throws LamellaError whose message is `carriedIsGone` where those of the past do not lie there
   */
  after(record: RunRecord, past: Past, context: CallContext): Promise<Tensor>
  /** A block's inputs beside the residual. */
  inputs(record: RunRecord, layer: number, context: CallContext): Promise<EngineFeeds>
  /** What the embedding takes in, as it is edited; null where positions add nothing. */
  embedding(record: RunRecord, hook: EmbeddingHook, context: CallContext): Promise<Tensor | null>
  /** What rows of the last residual give. */
  unembedded(
    record: RunRecord,
    rows: Tensor,
    output: 'logits' | 'ln_final.hook_normalized',
    signal: AbortSignal
  ): Promise<Tensor>
  /** The value of a hook before its own edits. */
  beforeEdits(record: RunRecord, hook: string, context: CallContext): Promise<Tensor>
}

type EmbeddingHook = 'hook_embed' | 'hook_pos_embed'

/** How a value is asked for. */
export interface WantedValue {
  /** Computed in float32 where the cache has float16. */
  readonly exact?: boolean
  /** One slice of the first axis, such as one head of a pattern: the others are not decoded. */
  readonly index?: number | undefined
}

/**
 * @param shortText up to so many tokens, a run extracts every pattern at once; of a longer text the layer
 * that is looked at
 */
export function createForward(engine: Engine, cache: RunValues, shortText: number): BlockForward {
  const edits = createRecordEdits((record, hook, context) =>
    value(record, hook, { exact: true }, context)
  )
  const { affineAt } = edits
  const blocks = createBlocks(engine, affineAt)

  async function runPart(
    part: Part,
    given: EngineFeeds,
    output: string,
    signal: AbortSignal
  ): Promise<Tensor> {
    const wanted: WantedOutput = { name: output, type: 'float32' }
    const results = await engine.run(part.name, part.source, given, [wanted], signal)
    return float32(results[output])
  }

  /** The residual that comes into a block, computed from the nearest one that is cached. */
  async function residual(record: RunRecord, layer: number, context: CallContext): Promise<Tensor> {
    const { run, unedited } = record
    const shared = sharedUpTo(record)
    if (unedited !== null && layer <= shared) return residual(unedited, layer, context)
    const { from, entering } = await nearest(record, layer, context)
    const patterns = run.tokens.length <= shortText ? [wantedHook('attn.hook_pattern')] : []
    const pass = {
      wanted: () => patterns,
      filed: patterns.map(({ name }) => name),
      take: (layer: number, results: EngineResults) => keepPassed(record, layer, results)
    }
    return blocks.pass(record, from, layer, entering, pass, context)
  }

  /** The last residual up to that of a layer that the run without edits has, too, or that is cached; else the first. */
  async function nearest(
    record: RunRecord,
    layer: number,
    context: CallContext
  ): Promise<{ from: number; entering: Tensor }> {
    const { run, model, unedited } = record
    const nLayers = model.spec.blocks.length
    const shared = unedited === null ? -1 : sharedUpTo(record)
    const names: string[] = []
    for (let from = layer; from > shared; from--) names.push(residualName(from, nLayers))
    const found = await cache.first(run.id, names)
    if (found !== null) return { from: layer - names.indexOf(found.hook), entering: found.value }
    if (unedited !== null && shared >= 0)
      return { from: shared, entering: await residual(unedited, shared, context) }
    const first = await embedded(record, context)
    return { from: 0, entering: await cache.keep(run.id, residualName(0, nLayers), first) }
  }

  /** The first residual, of the positions from `from` on. */
  async function embedded(record: RunRecord, context: CallContext, from = 0): Promise<Tensor> {
    const { run, model } = record
    const [tokens, positions] = await Promise.all([
      embeddingInput(record, 'hook_embed', context, from),
      embeddingInput(record, 'hook_pos_embed', context, from)
    ])
    return runPart(
      embeddingPart(model, run.source.provider),
      { hook_embed: tokens!, ...(positions && { hook_pos_embed: positions }) },
      'hook_resid_pre',
      context.signal
    )
  }

  /** What the embedding takes in as an input of its part: where no edit changes it the engine reads it. */
  async function embeddingInput(
    record: RunRecord,
    hook: EmbeddingHook,
    context: CallContext,
    from: number
  ): Promise<EngineFeeds[string] | null> {
    const stored = embeddingFeed(record.model, hook, idsOf(record.run), from)
    if (stored !== null && (await affineAt(record, hook, context)) === null) return stored
    const rows = await embedding(record, hook, context, from)
    return rows && floatFeed(rows)
  }

  async function embedding(
    record: RunRecord,
    hook: EmbeddingHook,
    context: CallContext,
    from = 0
  ): Promise<Tensor | null> {
    const rows = await unedited(record, hook, from)
    const edit = rows === null ? null : await affineAt(record, hook, context)
    return rows === null || edit === null ? rows : applied(rows, affineFrom(edit, hook, from))
  }

  function unedited(
    { run, model }: RunRecord,
    hook: EmbeddingHook,
    from = 0
  ): Promise<Tensor | null> {
    const ids = idsOf(run)
    return hook === 'hook_embed'
      ? tokenEmbeddings(model, ids.slice(from))
      : positionEmbeddings(model, ids, from)
  }

  /** Caches what a block gave to a pass, which goes on with the residual alone. */
  async function keepPassed(
    { run, model }: RunRecord,
    layer: number,
    results: EngineResults
  ): Promise<void> {
    const nLayers = model.spec.blocks.length
    for (const [name, value] of Object.entries(results))
      if (name === 'hook_resid_post')
        await cache.keep(run.id, residualName(layer + 1, nLayers), float32(value))
      else await cache.put(run.id, blockHookName(layer, name as BlockHook), value, layoutOf(name))
  }

  async function value(
    record: RunRecord,
    name: string,
    { exact = false, index }: WantedValue,
    context: CallContext
  ): Promise<Tensor> {
    const { run, model, unedited } = record
    const address = hookAddress(model, name)
    const [first] = hookAxes(model.spec, name, run.tokens.length)
    if (index !== undefined) checkIndex(first!.name, index, first!.length, name)
    if (address.layer === null) return sliceAt(await endValue(record, address.hook, context), index)
    const { layer, hook } = address
    if (unedited !== null && layer < sharedUpTo(record))
      return value(unedited, name, { exact, index }, context)
    if (hook === 'hook_resid_pre') {
      const entering = await residual(record, layer, context)
      const edit = await affineAt(record, name, context)
      return sliceAt(edit === null ? entering : applied(entering, edit), index)
    }
    if (hook === 'hook_resid_post')
      return sliceAt(await residual(record, layer + 1, context), index)
    const wanted = wantedHook(hook, exact)
    const isKept = wanted.type === keptType(hook)
    const kept = isKept ? await cache.get(run.id, name, index) : null
    if (kept !== null) return kept
    const entering = await residual(record, layer, context)
    const results = await blocks.detail(record, layer, entering, [wanted], context)
    const computed = results[hook]!
    if (!isKept) return sliceAt(computed, index)
    return cache.keep(run.id, name, computed, layoutOf(hook), index)
  }

  async function endValue(
    record: RunRecord,
    hook: ModelHook,
    context: CallContext
  ): Promise<Tensor> {
    if (hook === 'hook_embed' || hook === 'hook_pos_embed')
      return (await embedding(record, hook, context))!
    const last = await residual(record, record.model.spec.blocks.length, context)
    if (hook !== 'logits') return unembedded(record, last, hook, context.signal)
    const positions = record.run.tokens.map((_, position) => position)
    return logitsOf(record, [last], positions, context.signal)
  }

  async function unembedded(
    { run, model }: RunRecord,
    rows: Tensor,
    output: 'logits' | 'ln_final.hook_normalized',
    signal: AbortSignal
  ): Promise<Tensor> {
    const part = unembeddingPart(model, run.source.provider)
    return runPart(part, feeds({ hook_resid_post: rows }), output, signal)
  }

  /** Logits of some positions, of the last residual and of what is beside it: all of them by one product. */
  function logitsOf(
    record: RunRecord,
    values: readonly [last: Tensor, ...beside: Tensor[]],
    positions: readonly number[],
    signal: AbortSignal
  ): Promise<Tensor> {
    const read = positionsRead(record.model, record.run.tokens.length) ?? positions
    const rows = joined(values.map(value => rowsOf(value, read)))
    return unembedded(record, rows, 'logits', signal)
  }

  async function beforeEdits(
    record: RunRecord,
    hook: string,
    context: CallContext
  ): Promise<Tensor> {
    const { layer, hook: name } = parseHookName(hook)!
    if (layer === null) return (await unedited(record, name as EmbeddingHook))!
    const entering = await residual(record, layer, context)
    if (name === 'hook_resid_pre') return entering
    if ((await affineAt(record, hook, context)) === null)
      return value(record, hook, { exact: true }, context)
    const wanted = { name: beforeEdit(name), type: 'float32' } as const
    const results = await blocks.detail(record, layer, entering, [wanted], context)
    return float32(results[wanted.name])
  }

  return {
    edits,
    entering: residual,
    inputs: (record, layer, context) => blocks.inputs(record, layer, context),
    embedding: (record, hook, context) => embedding(record, hook, context),
    unembedded,
    beforeEdits,

    async after(record, past, context) {
      const first = await embedded(record, context, past.count)
      const pass = { wanted: () => [], take: () => undefined, past }
      return blocks.pass(record, 0, record.model.spec.blocks.length, first, pass, context)
    },

    run: (record, context) => residual(record, record.model.spec.blocks.length, context),

    async isComplete({ run, model }) {
      const nLayers = model.spec.blocks.length
      const missing = await cache.missing(run.id, [residualName(nLayers, nLayers)])
      return missing.length === 0
    },

    value,

    async logits(record, positions, context, beside = []) {
      const last = await residual(record, record.model.spec.blocks.length, context)
      return logitsOf(record, [last, ...beside], positions, context.signal)
    },

    async visit(record, hooks, take, context) {
      const nLayers = record.model.spec.blocks.length
      const wanted = Array.from({ length: nLayers }, (_, layer) => hooksWithin(hooks, layer))
      const first = await embedded(record, context)
      const entered = async (layer: number, entering: Tensor) => {
        if (!wanted[layer]?.includes('hook_resid_pre')) return
        const hook = blockHookName(layer, 'hook_resid_pre')
        const edit = await affineAt(record, hook, context)
        await take(hook, edit === null ? entering : applied(entering, edit))
      }
      const pass = {
        wanted: (layer: number) =>
          wanted[layer]!.filter(hook => !residuals.includes(hook)).map(hook =>
            wantedHook(hook, true)
          ),
        async take(layer: number, results: EngineResults) {
          for (const hook of wanted[layer]!)
            if (hook !== 'hook_resid_pre')
              await take(blockHookName(layer, hook), float32(results[hook]))
          await entered(layer + 1, float32(results['hook_resid_post']))
        }
      }
      await entered(0, first)
      const last = await blocks.pass(record, 0, nLayers, first, pass, context)
      return (positions, beside = []) =>
        logitsOf(record, [last, ...beside], positions, context.signal)
    }
  }
}

/** What comes into a block and what leaves it: a pass has both as they are. */
const residuals: readonly BlockHook[] = ['hook_resid_pre', 'hook_resid_post']

/** The residual coming into block `layer`; the one leaving the last block when `layer` is their number. */
function residualName(layer: number, nLayers: number): string {
  return layer === nLayers
    ? blockHookName(layer - 1, 'hook_resid_post')
    : blockHookName(layer, 'hook_resid_pre')
}

function wantedHook(hook: BlockHook, exact = false): WantedOutput {
  return { name: hook, type: exact ? 'float32' : keptType(hook) }
}

/** The positions that the logits are computed from, where they are of the text as a whole; else null. */
export function positionsRead({ spec, info }: RunnableModel, count: number): number[] | null {
  if (spec.unembedding === null)
    throw new LamellaError(
      'unsupported',
      `${info.name}: has no head, so it gives no logits`,
      info.limits.join(' ')
    )
  const all = Array.from({ length: count }, (_, position) => position)
  const read = { every: null, first: all.slice(0, 1), last: all.slice(-1), mean: all }
  return read[spec.unembedding.from]
}
