import { LamellaError } from '#common/contract/errors.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { blockHookName, parseHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { readRows } from '../checkpoint/read.ts'
import type { Engine } from '../engine/client.ts'
import type { EngineTensor, EngineTensors } from '../engine/protocol.ts'
import type { TraceCache } from '../trace/cache.ts'
import type { Precision } from '../trace/encoding.ts'
import {
  blockSession,
  embeddingSession,
  unembeddingSession,
  type PartSession,
  type RunnableModel
} from './sessions.ts'

/** A run and the model it is of. */
export interface RunRecord {
  readonly run: Run
  readonly model: RunnableModel
}

/**
 * Computes what runs ask for. A run keeps the residual that enters every block; all else inside a block is
 * a function of it, computed by running that block alone, and cached.
 */
export interface Forward {
  /** Runs every block whose residual is not cached yet. */
  run(record: RunRecord, context: CallContext): Promise<void>
  /**
   * The value of one hook. `exact` computes it in float32 where the cache has float16.
   * @throws LamellaError `invalid-argument` when the model has no such hook
   */
  value(record: RunRecord, hook: string, exact: boolean, context: CallContext): Promise<Tensor>
  /** Logits of some positions: [positions.length, d_vocab]. */
  logits(record: RunRecord, positions: readonly number[], context: CallContext): Promise<Tensor>
}

/** Up to so many tokens, a run extracts every pattern at once; above, the layer that is looked at. */
const shortText = 256

/** Matrices of [head, query, key] are kept in half precision. */
const matrixHooks: ReadonlySet<BlockHook> = new Set(['attn.hook_pattern', 'attn.hook_attn_scores'])

/** What the graph writes for a masked score; the field's tools give −∞. */
const maskedScore = -3.4028234663852886e38

export function createForward(engine: Engine, cache: TraceCache): Forward {
  async function runPart(
    session: PartSession,
    feeds: EngineTensors,
    outputs: readonly string[],
    signal: AbortSignal
  ): Promise<Record<string, Tensor>> {
    const results = await engine.run(session.name, session.source, feeds, outputs, signal)
    return Object.fromEntries(outputs.map(name => [name, float32(results[name])]))
  }

  async function embeddings(
    { model: { spec, checkpoint }, run }: RunRecord,
    hook: 'hook_embed' | 'hook_pos_embed'
  ): Promise<Tensor> {
    const rows = run.tokens.map((token, position) => (hook === 'hook_embed' ? token.id : position))
    const name = hook === 'hook_embed' ? spec.embedding.tokens : spec.embedding.positions
    const data = await readRows(checkpoint.tensors.get(name)!, rows)
    return { shape: [rows.length, spec.dModel], data }
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
    for (let l = from; l < layer; l++) {
      context.progress({ label: `Running block ${l + 1} of ${nLayers}`, done: l, total: nLayers })
      const outputs = ['hook_resid_post']
      if (run.tokens.length <= shortText) outputs.push('attn.hook_pattern')
      const computed = await runBlock(record, l, value, outputs, context.signal)
      value = computed.hook_resid_post!
    }
    return value
  }

  async function firstResidual(record: RunRecord, { signal }: CallContext): Promise<Tensor> {
    const { run, model } = record
    const [tokens, positions] = await Promise.all([
      embeddings(record, 'hook_embed'),
      embeddings(record, 'hook_pos_embed')
    ])
    const { hook_resid_pre: first } = await runPart(
      embeddingSession(model, run.provider),
      { hook_embed: feed(tokens), hook_pos_embed: feed(positions) },
      ['hook_resid_pre'],
      signal
    )
    cache.put(run.id, residualName(0, model.spec.blocks.length), first!, 'float32')
    return first!
  }

  /** Runs one block and caches what it gave. */
  async function runBlock(
    { run, model }: RunRecord,
    layer: number,
    residPre: Tensor,
    outputs: readonly string[],
    signal: AbortSignal
  ): Promise<Record<string, Tensor>> {
    const positions = BigInt64Array.from(run.tokens, (_, position) => BigInt(position))
    const results = await runPart(
      blockSession(model, run.provider, layer),
      {
        hook_resid_pre: feed(residPre),
        positions: { type: 'int64', shape: [positions.length], data: positions }
      },
      outputs,
      signal
    )
    for (const hook of outputs as BlockHook[]) {
      const value = results[hook]!
      if (hook === 'attn.hook_attn_scores') showMasked(value)
      const name =
        hook === 'hook_resid_post'
          ? residualName(layer + 1, model.spec.blocks.length)
          : blockHookName(layer, hook)
      cache.put(run.id, name, value, precisionOf(hook))
    }
    return results
  }

  return {
    async run(record, context) {
      await residual(record, record.model.spec.blocks.length, context)
    },

    async value(record, name, exact, context) {
      const { run, model } = record
      const nLayers = model.spec.blocks.length
      const address = parseHookName(name)
      if (address === null || (address.layer !== null && address.layer >= nLayers))
        throw new LamellaError('invalid-argument', `${name}: not a hook of ${model.info.name}`)
      if (address.layer === null) {
        if (address.hook === 'hook_embed' || address.hook === 'hook_pos_embed')
          return embeddings(record, address.hook)
        return unembed(record, null, address.hook, context)
      }
      const { layer, hook } = address
      if (hook === 'hook_resid_pre') return residual(record, layer, context)
      if (hook === 'hook_resid_post') return residual(record, layer + 1, context)
      const kept = exact && precisionOf(hook) !== 'float32' ? null : cache.get(run.id, name)
      if (kept !== null) return kept
      const residPre = await residual(record, layer, context)
      const results = await runBlock(record, layer, residPre, [hook], context.signal)
      return results[hook]!
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
    const rows = positions === null ? last : gatherRows(last, positions)
    const session = unembeddingSession(model, run.provider)
    const results = await runPart(
      session,
      { hook_resid_post: feed(rows) },
      [output],
      context.signal
    )
    return results[output]!
  }
}

/** The residual entering block `layer`; the one leaving the last block when `layer` is their number. */
function residualName(layer: number, nLayers: number): string {
  return layer === nLayers
    ? blockHookName(layer - 1, 'hook_resid_post')
    : blockHookName(layer, 'hook_resid_pre')
}

function precisionOf(hook: BlockHook): Precision {
  return matrixHooks.has(hook) ? 'float16' : 'float32'
}

function gatherRows({ shape, data }: Tensor, rows: readonly number[]): Tensor {
  const [, width = 0] = shape
  const gathered = new Float32Array(rows.length * width)
  rows.forEach((row, i) => gathered.set(data.subarray(row * width, (row + 1) * width), i * width))
  return { shape: [rows.length, width], data: gathered }
}

function showMasked({ data }: Tensor): void {
  for (let i = 0; i < data.length; i++) if (data[i]! <= maskedScore) data[i] = -Infinity
}

function feed({ shape, data }: Tensor): EngineTensor {
  return { type: 'float32', shape, data }
}

function float32(tensor: EngineTensor | undefined): Tensor {
  if (tensor?.type !== 'float32') throw new LamellaError('internal', 'expected a float32 output')
  return { shape: tensor.shape, data: tensor.data }
}
