import type { DirectPart, DirectTarget } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Engine } from '../../engine/client.ts'
import type { Model, RunnableModel } from '../model/model.ts'
import { feeds } from './feeds.ts'
import { positionsRead, type BlockForward } from './forward.ts'
import { float32, rowsOf } from './hook-values.ts'
import { directBlockPart, directEndPart, type Part } from './parts.ts'
import type { RunRecord } from './run-record.ts'

/** A part of some logits: of each target, and of `head`, `neuron` and `by_z` of each of these. */
export interface DirectEffect {
  readonly part: DirectPart
  readonly layer: number | null
  readonly data: Float32Array | Float64Array
}

/** Takes logits apart by what components add to the residual stream. */
export interface DirectEffects<M extends Model = RunnableModel> {
  /**
   * Runs the text once and hands over the parts of the logits, the last block's first, as `DirectPart` names them.
   * @throws LamellaError `unsupported` where logits are no such sum, `invalid-argument` when there is no such place
   */
  of(
    record: RunRecord<M>,
    targets: readonly DirectTarget[],
    take: (effect: DirectEffect) => Promise<void>,
    context: CallContext
  ): Promise<void>
}

/** Targets at once: each takes a row of the vocabulary. */
const mostTargets = 256

export function createDirectEffects(engine: Engine, forward: BlockForward): DirectEffects {
  async function runPart(
    { name, source }: Part,
    tensors: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
    signal: AbortSignal
  ): Promise<Readonly<Record<string, Tensor>>> {
    const wanted = outputs.map(name => ({ name, type: 'float32' }) as const)
    const results = await engine.run(name, source, feeds(tensors), wanted, signal)
    return Object.fromEntries(outputs.map(name => [name, float32(results[name])]))
  }

  return {
    async of(record, targets, take, context) {
      const { model, run } = record
      const { spec } = model
      const provider = run.source.provider
      const nLayers = spec.blocks.length
      const positions = positionsOf(record, targets)
      // What cannot be taken apart is refused before anything runs.
      const end = directEndPart(model, provider)
      const choice = choiceOf(model, targets)
      const values = await valuesAt(record, positions, context)
      const value = (layer: number, hook: BlockHook) => values.get(blockHookName(layer, hook))!
      const last = value(nLayers - 1, 'hook_resid_post')

      const ending = await runPart(
        end,
        { hook_resid_post: last, choice },
        ['logit', 'normalized', 'grad.normalized', 'towards'],
        context.signal
      )
      const logit = ending['logit']!.data
      const byNormalized = dots(ending['normalized']!, ending['grad.normalized']!)
      let towards = ending['towards']!
      const normShift = differences(byNormalized, dots(towards, last))
      const bias = differences(logit, byNormalized)
      // What is taken leaves this thread.
      await take({ part: 'logit', layer: null, data: logit })
      await take({ part: 'unembed_bias', layer: null, data: bias })

      for (let layer = nLayers - 1; layer >= 0; layer--) {
        const done = nLayers - 1 - layer
        context.progress({
          label: `Taking block ${layer + 1} of ${nLayers} apart`,
          done,
          total: nLayers
        })
        const { mlp, norms } = spec.blocks[layer]!
        const { afterMlp, afterAttention } = norms
        const sums = {
          ...(afterMlp && {
            'mlp.sum': added(value(layer, 'hook_resid_mid'), value(layer, 'hook_mlp_out'))
          }),
          ...(afterAttention && {
            'attn.sum': added(value(layer, 'hook_resid_pre'), value(layer, 'hook_attn_out'))
          })
        }
        const given = await runPart(
          directBlockPart(model, provider, layer),
          {
            towards,
            'attn.hook_z': value(layer, 'attn.hook_z'),
            ...(mlp && { 'mlp.hook_post': value(layer, 'mlp.hook_post') }),
            ...sums
          },
          ['grad.mlp', 'grad.attn', 'grad.z', 'head', ...(mlp ? ['neuron'] : [])],
          context.signal
        )
        const byMlp = given['grad.mlp']!
        const byAttention = given['grad.attn']!
        const shift = (after: Tensor, by: Tensor, sum: Tensor, bySum: Tensor) =>
          differences(dots(after, by), dots(sum, bySum)).forEach((own, i) => (normShift[i]! += own))
        if (sums['mlp.sum']) shift(value(layer, 'hook_resid_post'), towards, sums['mlp.sum'], byMlp)
        if (sums['attn.sum'])
          shift(value(layer, 'hook_resid_mid'), byMlp, sums['attn.sum'], byAttention)
        await take({ part: 'mlp', layer, data: dots(value(layer, 'hook_mlp_out'), byMlp) })
        await take({ part: 'attn', layer, data: dots(value(layer, 'hook_attn_out'), byAttention) })
        await take({ part: 'head', layer, data: given['head']!.data })
        await take({ part: 'neuron', layer, data: given['neuron']?.data ?? new Float32Array(0) })
        await take({ part: 'by_z', layer, data: given['grad.z']!.data })
        towards = byAttention
      }

      await take({ part: 'norm_shift', layer: null, data: normShift })
      const all = dots(value(0, 'hook_resid_pre'), towards)
      const learned = await positionsAdded(record, positions, context)
      const ofPositions = learned === null ? new Float64Array(all.length) : dots(learned, towards)
      await take({ part: 'embed', layer: null, data: differences(all, ofPositions) })
      await take({ part: 'pos_embed', layer: null, data: ofPositions })
    }
  }

  /** Rows of all that is looked at, at the position of each target. */
  async function valuesAt(
    record: RunRecord,
    positions: readonly number[],
    context: CallContext
  ): Promise<ReadonlyMap<string, Tensor>> {
    const { blocks } = record.model.spec
    const hooks = blocks.flatMap(({ mlp, norms: { afterAttention, afterMlp } }, layer) => {
      const own: BlockHook[] = ['attn.hook_z', 'hook_attn_out', 'hook_mlp_out']
      if (mlp !== null) own.push('mlp.hook_post')
      if (layer === 0 || afterAttention) own.push('hook_resid_pre')
      if (afterAttention || afterMlp) own.push('hook_resid_mid')
      if (layer === blocks.length - 1 || afterMlp) own.push('hook_resid_post')
      return own.map(hook => blockHookName(layer, hook))
    })
    const values = new Map<string, Tensor>()
    const take = (hook: string, value: Tensor) => {
      values.set(hook, rowsOf(value, positions))
      return Promise.resolve()
    }
    await forward.visit(record, hooks, take, context)
    return values
  }

  /** What positions add to the first residual; null where nothing, or nothing that is a part of its own. */
  async function positionsAdded(
    record: RunRecord,
    positions: readonly number[],
    context: CallContext
  ): Promise<Tensor | null> {
    const { norm, projection } = record.model.spec.embedding
    if (norm !== null || projection?.of === 'sum') return null
    const rows = await forward.embedding(record, 'hook_pos_embed', context)
    return rows === null ? null : rowsOf(rows, positions)
  }
}

/**
 * Where each target is read.
 * @throws LamellaError `invalid-argument` when there is no such place
 */
function positionsOf({ model, run }: RunRecord, targets: readonly DirectTarget[]): number[] {
  const count = run.tokens.length
  if (targets.length > mostTargets)
    throw new LamellaError(
      'invalid-argument',
      `There are ${targets.length} targets, and at most ${mostTargets} are taken apart at once`,
      'Ask for fewer.'
    )
  const read = positionsRead(model, count)
  return targets.map(({ position }) => {
    checkIndex('position', position, read === null ? count : 1)
    return read === null ? position : read[0]!
  })
}

/** 1 at each target's token, −1 at the other one: [target, d_vocab]. */
function choiceOf(
  { spec: { dVocab, unembedding } }: RunnableModel,
  targets: readonly DirectTarget[]
): Tensor {
  const columns = unembedding!.labels?.length ?? dVocab
  const data = new Float32Array(targets.length * columns)
  targets.forEach(({ token, other }, row) => {
    checkIndex('token', token, columns)
    data[row * columns + token]! += 1
    if (other === null) return
    checkIndex('token', other, columns)
    data[row * columns + other]! -= 1
  })
  return { shape: [targets.length, columns], data }
}

/** The product of each row of one with that of the other, in float64. */
function dots({ shape: [rows = 0, width = 0], data }: Tensor, other: Tensor): Float64Array {
  const sums = new Float64Array(rows)
  for (let row = 0; row < rows; row++)
    for (let i = row * width; i < (row + 1) * width; i++) sums[row]! += data[i]! * other.data[i]!
  return sums
}

function differences(of: ArrayLike<number>, less: ArrayLike<number>): Float64Array {
  return Float64Array.from(of, (value, i) => value - less[i]!)
}

function added({ shape, data }: Tensor, other: Tensor): Tensor {
  return { shape, data: data.map((value, i) => value + other.data[i]!) }
}
