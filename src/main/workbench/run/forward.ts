import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { blockHookName, parseHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs } from '../../architecture/block-inputs.ts'
import { hooksOf } from '../../architecture/hooks-of.ts'
import type { Engine } from '../../engine/client.ts'
import {
  carriedIsGone,
  type CarriedFeed,
  type Carry,
  type EngineFeed,
  type EngineFeeds,
  type EngineTensors,
  type WantedOutput
} from '../../engine/protocol.ts'
import type { TraceCache } from '../../trace/cache.ts'
import type { Model } from '../model/model.ts'
import { positionEmbeddings, tokenEmbeddings } from './embeddings.ts'
import { float32, keptType, rowsOf, showMasked } from './hook-values.ts'
import {
  blockOutputs,
  blockPart,
  detailPart,
  embeddingPart,
  resultPart,
  unembeddingPart,
  type Part,
  type RunnableModel
} from './parts.ts'

/** A run and the model it is of. */
export interface RunRecord<M extends Model = RunnableModel> {
  readonly run: Run
  readonly model: M
}

/**
 * Computes what runs ask for. A run keeps the residual that enters every block; all else inside a block is
 * a function of it, computed by running that block alone, and cached.
 */
export interface Forward<M extends Model = RunnableModel> {
  /**
   * Runs every block whose residual is not cached yet.
   * @returns the last residual that the model gives; null where it gives none
   */
  run(record: RunRecord<M>, context: CallContext): Promise<Tensor | null>
  /** Whether the last block has run. */
  isComplete(record: RunRecord<M>): boolean
  /**
   * The value of one hook. `exact` computes it in float32 where the cache has float16.
   * @throws LamellaError `invalid-argument` when the model has no such hook
   */
  value(record: RunRecord<M>, hook: string, exact: boolean, context: CallContext): Promise<Tensor>
  /** Logits of some positions, [positions.length, d_vocab]; of the text as a whole [1, label]. */
  logits(record: RunRecord<M>, positions: readonly number[], context: CallContext): Promise<Tensor>
}

/**
 * @param shortText up to so many tokens, a run extracts every pattern at once; of a longer text the layer
 * that is looked at
 */
export function createForward(engine: Engine, cache: TraceCache, shortText: number): Forward {
  /** The part in detail that is loaded; one at a time, for its weights are loaded twice. */
  let inDetail: string | null = null
  /** Passes through the blocks so far; their residuals in the engine are named after them. */
  let passes = 0

  async function runPart(
    part: Part,
    feeds: EngineFeeds,
    output: string,
    signal: AbortSignal
  ): Promise<Tensor> {
    const wanted: WantedOutput = { name: output, type: 'float32' }
    const results = await engine.run(part.name, part.source, feeds, [wanted], signal)
    return float32(results[output])
  }

  /** The residual that enters a block, computed from the nearest one that is cached. */
  async function residual(record: RunRecord, layer: number, context: CallContext): Promise<Tensor> {
    const { run, model } = record
    const nLayers = model.spec.blocks.length
    let from = layer
    while (from > 0 && !cache.has(run.id, residualName(from, nLayers))) from--
    let value = cache.get(run.id, residualName(from, nLayers))
    if (value === null) {
      from = 0
      value = await firstResidual(record, context)
    }
    return runBlocks(record, from, layer, value, context)
  }

  /**
   * Runs blocks `from` to `to`. Where both are loaded, a block is asked for while the one before still runs: the
   * engine hands the residual on, and what it gives is kept meanwhile.
   * @returns the residual that enters block `to`
   */
  async function runBlocks(
    record: RunRecord,
    from: number,
    to: number,
    residPre: Tensor,
    context: CallContext
  ): Promise<Tensor> {
    const { run, model } = record
    const nLayers = model.spec.blocks.length
    const outputs: WantedOutput[] = [{ name: 'hook_resid_post', type: 'float32' }]
    if (run.tokens.length <= shortText) outputs.push({ name: 'attn.hook_pattern', type: 'float16' })
    const pass = ++passes
    const residualNamed = (layer: number) => ({ carried: `${pass}.${layer}` })
    const runOne = async (layer: number, entering: Tensor | CarriedFeed) => {
      const carry = { output: 'hook_resid_post', name: residualNamed(layer + 1).carried }
      const results = await runBlock(record, layer, entering, outputs, context.signal, carry)
      return float32(results.hook_resid_post)
    }

    let entering = Promise.resolve(residPre)
    for (let layer = from; layer < to; layer++) {
      context.progress({
        label: `Running block ${layer + 1} of ${nLayers}`,
        done: layer,
        total: nLayers
      })
      const { name } = blockPart(model, run.provider, layer)
      const before = entering
      if (!engine.parts().includes(name)) {
        // Nothing is asked for ahead of a load: it could take the place of the block that comes next.
        entering = Promise.resolve(await runOne(layer, await before))
        continue
      }
      if (layer === from) {
        entering = runOne(layer, residPre)
        continue
      }
      entering = runOne(layer, residualNamed(layer)).catch(async (error: unknown) => {
        if (toLamellaError(error).message !== carriedIsGone) throw error
        return runOne(layer, await before)
      })
      // Told where it is awaited, also when the block before fails first.
      entering.catch(() => undefined)
      await before
    }
    return entering
  }

  async function firstResidual(record: RunRecord, { signal }: CallContext): Promise<Tensor> {
    const { run, model } = record
    const ids = idsOf(run)
    const tokens = await tokenEmbeddings(model, ids)
    const positions = await positionEmbeddings(model, ids)
    const first = await runPart(
      embeddingPart(model, run.provider),
      feeds({ hook_embed: tokens, ...(positions && { hook_pos_embed: positions }) }),
      'hook_resid_pre',
      signal
    )
    cache.put(run.id, residualName(0, model.spec.blocks.length), first)
    return first
  }

  /** Runs one block and caches what it gave, but for matrices in float32. */
  async function runBlock(
    { run, model }: RunRecord,
    layer: number,
    residPre: Tensor | CarriedFeed,
    outputs: readonly WantedOutput[],
    signal: AbortSignal,
    carry?: Carry
  ): Promise<EngineTensors> {
    const usual = outputs.every(({ name }) => blockOutputs.includes(name as BlockHook))
    const partOfHook = outputs.some(({ name }) => name === 'attn.hook_result')
      ? resultPart
      : detailPart
    const part = (usual ? blockPart : partOfHook)(model, run.provider, layer)
    if (!usual && inDetail !== part.name) {
      if (inDetail !== null) await engine.release(inDetail)
      inDetail = part.name
    }
    const results = await engine.run(
      part.name,
      part.source,
      {
        ...feeds(blockInputs(model.spec, layer, run.tokens.length)),
        hook_resid_pre: 'carried' in residPre ? residPre : floatFeed(residPre)
      },
      outputs,
      signal,
      carry
    )
    for (const { name, type } of outputs) {
      const value = results[name]!
      if (name === 'attn.hook_attn_scores') showMasked(value.data)
      const kept =
        name === 'hook_resid_post'
          ? residualName(layer + 1, model.spec.blocks.length)
          : blockHookName(layer, name as BlockHook)
      if (type === keptType(name)) cache.put(run.id, kept, value)
    }
    return results
  }

  return {
    run: (record, context) => residual(record, record.model.spec.blocks.length, context),

    isComplete({ run, model }) {
      const nLayers = model.spec.blocks.length
      return cache.has(run.id, residualName(nLayers, nLayers))
    },

    async value(record, name, exact, context) {
      const { run, model } = record
      const address = parseHookName(name)
      if (address === null || !hooksOf(model.spec).includes(name))
        throw new LamellaError('invalid-argument', `${name}: not a hook of ${model.info.name}`)
      if (address.layer === null) {
        if (address.hook === 'hook_embed') return tokenEmbeddings(model, idsOf(run))
        if (address.hook === 'hook_pos_embed') return (await positionEmbeddings(model, idsOf(run)))!
        return unembed(record, null, address.hook, context)
      }
      const { layer, hook } = address
      if (hook === 'hook_resid_pre') return residual(record, layer, context)
      if (hook === 'hook_resid_post') return residual(record, layer + 1, context)
      const type = exact ? 'float32' : keptType(hook)
      const kept = type === keptType(hook) ? cache.get(run.id, name) : null
      if (kept !== null) return kept
      const residPre = await residual(record, layer, context)
      const results = await runBlock(
        record,
        layer,
        residPre,
        [{ name: hook, type }],
        context.signal
      )
      return float32(results[hook])
    },

    logits: (record, positions, context) => unembed(record, positions, 'logits', context)
  }

  async function unembed(
    record: RunRecord,
    positions: readonly number[] | null,
    output: 'logits' | 'ln_final.hook_normalized',
    context: CallContext
  ): Promise<Tensor> {
    const { run, model } = record
    const last = await residual(record, model.spec.blocks.length, context)
    const read = output === 'logits' ? positionsRead(model, run.tokens.length) : null
    const wanted = read ?? positions
    const rows = wanted === null ? last : rowsOf(last, wanted)
    const part = unembeddingPart(model, run.provider)
    return runPart(part, feeds({ hook_resid_post: rows }), output, context.signal)
  }
}

/** The residual entering block `layer`; the one leaving the last block when `layer` is their number. */
function residualName(layer: number, nLayers: number): string {
  return layer === nLayers
    ? blockHookName(layer - 1, 'hook_resid_post')
    : blockHookName(layer, 'hook_resid_pre')
}

function feeds(tensors: Readonly<Record<string, Tensor>>): EngineFeeds {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, floatFeed(tensor)])
  )
}

function floatFeed({ shape, data }: Tensor): EngineFeed {
  return { type: 'float32', shape, data }
}

function idsOf({ tokens }: Run): number[] {
  return tokens.map(({ id }) => id)
}

/** The positions that the logits are computed from, where they are of the text as a whole; else null. */
function positionsRead({ spec, info }: RunnableModel, count: number): number[] | null {
  if (spec.unembedding === null)
    throw new LamellaError('unsupported', `${info.name}: has no head, so it gives no logits`)
  const all = Array.from({ length: count }, (_, position) => position)
  const read = { every: null, first: all.slice(0, 1), last: all.slice(-1), mean: all }
  return read[spec.unembedding.from]
}
