import type { CallContext } from '#common/contract/rpc.ts'
import type { Progress } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { GradientTarget } from '#common/model/gradient-target.ts'
import { blockHookName, parseHookName, type BlockHook } from '#common/model/hooks.ts'
import { inputsScale } from '#common/model/spec.ts'
import { elementCount, type Tensor } from '#common/model/tensor.ts'
import { beforeEdit } from '../../architecture/builder/construction.ts'
import { gradientIn, gradientOf } from '../../architecture/builder/gradients.ts'
import type { Engine } from '../../engine/client.ts'
import type { EngineFeeds } from '../../engine/protocol.ts'
import type { Model } from '../model/model.ts'
import { scaled } from './affine.ts'
import { chosenRows } from './chosen-rows.ts'
import { feeds } from './feeds.ts'
import { positionsRead, type BlockForward } from './forward.ts'
import { hookAddress } from './hook-address.ts'
import { float32, hooksWithin, rowsOf } from './hook-values.ts'
import {
  blockGradientPart,
  chosenLogitsPart,
  embeddingGradientPart,
  unembeddingGradientPart,
  type Part
} from './parts.ts'
import type { RunnableModel } from '../model/model.ts'
import { editedHooks } from './record-edits.ts'
import { idsOf, type RunRecord } from './run-record.ts'
import { targetParts } from './target-parts.ts'

/** A number that a run gives, and how it changes with values inside the run. */
export interface RunGradient {
  readonly value: number
  /** By the input embedding, as transformers takes it (`inputs_embeds`): [pos, width]. */
  readonly embed: Tensor
  /** By each row of W_E that the text reads, through the embedding alone: [id, width]. */
  readonly rows: { readonly ids: readonly number[]; readonly gradient: Tensor }
  /** By each hook asked for, of its value's shape, towards what flows on from it. */
  readonly hooks: ReadonlyMap<string, Tensor>
  /** By the scale of each edit: one number for all that it chooses. */
  readonly scales: readonly number[]
}

/** Differentiates runs, one block at a time, from the last back to the embedding. */
export interface Gradients<M extends Model = RunnableModel> {
  /**
   * @param hooks full names
   * @throws LamellaError `invalid-argument` when the model has no such hook or the target no such place
   */
  of(
    record: RunRecord<M>,
    target: GradientTarget,
    hooks: readonly string[],
    context: CallContext
  ): Promise<RunGradient>
  /** The number alone. */
  value(record: RunRecord<M>, target: GradientTarget, context: CallContext): Promise<number>
  /**
   * The same by hooks of blocks and by `hook_embed`, each handed over with its value as its block is done, so that one
   * block's are in memory: the last block's come first, the embedding's at the end.
   * @returns the number that is differentiated
   */
  visit(
    record: RunRecord<M>,
    target: GradientTarget,
    hooks: readonly string[],
    take: (hook: string, value: Tensor, gradient: Tensor) => Promise<void>,
    context: CallContext
  ): Promise<number>
}

const logits = 'logits'
const finalNorm = 'ln_final.hook_normalized'

export function createGradients(engine: Engine, forward: BlockForward): Gradients {
  async function run(
    { name, source }: Part,
    inputs: EngineFeeds,
    outputs: readonly string[],
    signal: AbortSignal
  ): Promise<Readonly<Record<string, Tensor>>> {
    const wanted = outputs.map(name => ({ name, type: 'float32' }) as const)
    const results = await engine.run(name, source, inputs, wanted, signal)
    return Object.fromEntries(outputs.map(name => [name, float32(results[name])]))
  }

  /** From the target to the last residual. */
  async function fromTarget(
    record: RunRecord,
    target: GradientTarget,
    wanted: ReadonlySet<string>,
    context: CallContext
  ): Promise<{ value: number; towards: Tensor; found: Map<string, Tensor> }> {
    const { model } = record
    const { dModel, finalNorm: norm } = model.spec
    const ids = idsOf(record.run)
    const last = await forward.entering(record, model.spec.blocks.length, context)
    const { parts, size } = partsOf(record, target)
    const towards = zeros([ids.length, dModel])
    const byLogits = wanted.has(logits) ? zeros([size.rows, size.columns]) : null
    const byNorm = wanted.has(finalNorm) ? zeros([ids.length, dModel]) : null
    let value = 0
    const provider = record.run.source.provider
    const outputs = [gradientIn, ...(byNorm && norm ? [gradientOf(finalNorm)] : [])]
    const take = (positions: readonly number[], given: Readonly<Record<string, Tensor>>) => {
      addRows(towards, positions, given[gradientIn]!)
      if (byNorm) addRows(byNorm, positions, given[gradientOf(finalNorm)]!)
    }
    const chosen = byLogits === null ? await chosenRows(model, target) : null
    if (chosen !== null) {
      const positions = positionsRead(model, ids.length) ?? parts[0]!.rows
      const { factors, inputs } = chosen
      const own = feeds({
        hook_resid_post: rowsOf(last, positions),
        [gradientOf(logits)]: factors
      })
      const part = chosenLogitsPart(model, provider)
      const given = await run(part, { ...inputs, ...own }, [...outputs, logits], context.signal)
      given[logits]!.data.forEach((own, i) => (value += factors.data[i]! * own))
      take(positions, given)
    } else
      for (const part of parts) {
        const positions = positionsRead(model, ids.length) ?? part.rows
        const rows = rowsOf(last, positions)
        const seed = part.of(await forward.unembedded(record, rows, logits, context.signal))
        value += seed.value
        const inputs = feeds({ hook_resid_post: rows, [gradientOf(logits)]: seed.gradient })
        const backward = unembeddingGradientPart(model, provider)
        take(positions, await run(backward, inputs, outputs, context.signal))
        if (byLogits) addRows(byLogits, part.rows, seed.gradient)
      }
    const found = new Map<string, Tensor>()
    if (byLogits) found.set(logits, byLogits)
    if (byNorm) found.set(finalNorm, byNorm)
    return { value, towards, found }
  }

  /** From the residual that leaves a block to the one that comes in. */
  async function throughBlock(
    record: RunRecord,
    layer: number,
    leaving: Tensor,
    { wanted, values = false }: { wanted: ReadonlySet<string>; values?: boolean },
    context: CallContext
  ): Promise<BlockGradient> {
    const { model, run: of } = record
    const full = (hook: BlockHook) => blockHookName(layer, hook)
    const edited = editedHooks(record, layer)
    const hooks = hooksWithin(wanted, layer)
    const inside = hooks.filter(hook => hook !== 'hook_resid_pre' && hook !== 'hook_resid_post')
    const both = inside.filter(hook => edited.includes(hook))
    const part = blockGradientPart(model, of.source.provider, layer, edited, inside, values)
    const flowing = await forward.value(record, full('hook_resid_pre'), {}, context)
    const inputs = {
      ...(await forward.inputs(record, layer, context)),
      ...feeds({ hook_resid_pre: flowing, [gradientOf('hook_resid_post')]: leaving })
    }
    const outputs = [
      gradientIn,
      ...inside.map(gradientOf),
      ...both.map(beforeEdit),
      ...(values ? inside : [])
    ]
    const given = await run(part, inputs, outputs, context.signal)
    const entering = given[gradientIn]!
    const edit = await forward.edits.affineAt(record, full('hook_resid_pre'), context)
    const found = new Map(inside.map(hook => [full(hook), given[gradientOf(hook)]!]))
    if (hooks.includes('hook_resid_pre')) found.set(full('hook_resid_pre'), entering)
    if (hooks.includes('hook_resid_post')) found.set(full('hook_resid_post'), leaving)
    return {
      towards: edit === null ? entering : scaled(entering, edit),
      found,
      values: new Map(values ? inside.map(hook => [full(hook), given[hook]!]) : []),
      before: new Map(both.map(hook => [full(hook), given[beforeEdit(hook)]!]))
    }
  }

  /** From the first residual to what the embedding takes in. */
  async function toEmbedding(
    record: RunRecord,
    towards: Tensor,
    context: CallContext
  ): Promise<ReadonlyMap<string, Tensor>> {
    const { model, run: of } = record
    const tokens = (await forward.embedding(record, 'hook_embed', context))!
    const positions = await forward.embedding(record, 'hook_pos_embed', context)
    const hooks = ['hook_embed', ...(positions ? ['hook_pos_embed'] : [])]
    const inputs = feeds({
      hook_embed: tokens,
      ...(positions && { hook_pos_embed: positions }),
      [gradientOf('hook_resid_pre')]: towards
    })
    const part = embeddingGradientPart(model, of.source.provider)
    const given = await run(part, inputs, hooks.map(gradientOf), context.signal)
    return new Map(hooks.map(hook => [hook, given[gradientOf(hook)]!]))
  }

  return {
    async of(record, target, asked, context) {
      const hooks = [...new Set(asked)]
      const { model, run } = record
      for (const hook of hooks) hookAddress(model, hook)
      const wanted = new Set([...hooks, ...run.source.edits.map(({ hook }) => hook)])
      const nLayers = model.spec.blocks.length
      const { value, found, ...end } = await fromTarget(record, target, wanted, context)
      const before = new Map<string, Tensor>()
      let { towards } = end
      for (let layer = nLayers - 1; layer >= 0; layer--) {
        context.progress(progressAt(layer, nLayers))
        const block = await throughBlock(record, layer, towards, { wanted }, context)
        towards = block.towards
        for (const [hook, gradient] of block.found) found.set(hook, gradient)
        for (const [hook, value] of block.before) before.set(hook, value)
      }
      for (const [hook, gradient] of await toEmbedding(record, towards, context))
        found.set(hook, gradient)
      const embed = found.get('hook_embed')!
      const times = inputsScale(model.spec.embedding)
      return {
        value,
        embed: { ...embed, data: embed.data.map(own => own * times) },
        rows: byRow(embed, idsOf(run), model.spec.embedding.scale),
        hooks: new Map(hooks.map(hook => [hook, found.get(hook)!])),
        scales: await scaleGradients(record, before, found, context)
      }
    },

    async value(record, target, context) {
      const { model, run } = record
      const last = await forward.entering(record, model.spec.blocks.length, context)
      let value = 0
      for (const part of partsOf(record, target).parts) {
        const rows = rowsOf(last, positionsRead(model, run.tokens.length) ?? part.rows)
        value += part.of(await forward.unembedded(record, rows, logits, context.signal)).value
      }
      return value
    },

    async visit(record, target, hooks, take, context) {
      const { model } = record
      const blockHooks = hooks.filter(hook => hook !== 'hook_embed')
      for (const hook of blockHooks) checkInside(model, hook)
      const wanted = new Set(blockHooks)
      const nLayers = model.spec.blocks.length
      const isThrough = blockHooks.length < hooks.length
      const first = isThrough ? 0 : Math.min(...blockHooks.map(hook => parseHookName(hook)!.layer!))
      const end = await fromTarget(record, target, wanted, context)
      let { towards } = end
      for (let layer = nLayers - 1; layer >= first; layer--) {
        context.progress(progressAt(layer, nLayers))
        const block = await throughBlock(record, layer, towards, { wanted, values: true }, context)
        towards = block.towards
        for (const [hook, gradient] of block.found)
          await take(hook, block.values.get(hook)!, gradient)
      }
      if (isThrough) {
        const value = (await forward.embedding(record, 'hook_embed', context))!
        const gradients = await toEmbedding(record, towards, context)
        await take('hook_embed', value, gradients.get('hook_embed')!)
      }
      return end.value
    }
  }

  async function scaleGradients(
    record: RunRecord,
    before: ReadonlyMap<string, Tensor>,
    found: ReadonlyMap<string, Tensor>,
    context: CallContext
  ): Promise<number[]> {
    const scales: number[] = []
    for (const [place, { hook }] of record.run.source.edits.entries()) {
      const value = before.get(hook) ?? (await forward.beforeEdits(record, hook, context))
      const towards = found.get(hook)!
      scales.push(await forward.edits.scaleGradient(record, place, value, towards, context))
    }
    return scales
  }
}

/** A target as parts of few rows of the logits each, and how many there are of these. */
function partsOf({ model, run }: RunRecord, target: GradientTarget) {
  const { dVocab, unembedding } = model.spec
  const ids = idsOf(run)
  const isOfText = unembedding !== null && unembedding.from !== 'every'
  const size = { rows: isOfText ? 1 : ids.length, columns: unembedding?.labels?.length ?? dVocab }
  return { parts: targetParts(target, size, { ids, predicts: model.info.predicts }), size }
}

/** @throws LamellaError `invalid-argument` when it is no hook inside of a block */
function checkInside(model: RunnableModel, hook: string): void {
  const { layer, hook: name } = hookAddress(model, hook)
  if (layer === null || name === 'hook_resid_pre' || name === 'hook_resid_post')
    throw new LamellaError('invalid-argument', `${hook}: is no hook inside of a block`)
}

function progressAt(layer: number, nLayers: number): Progress {
  const label = `Differentiating block ${layer + 1} of ${nLayers}`
  return { label, done: nLayers - 1 - layer, total: nLayers }
}

/** A step back through a block. */
interface BlockGradient {
  /** By the residual that comes in, before it is edited. */
  readonly towards: Tensor
  /** By the hooks asked for. */
  readonly found: ReadonlyMap<string, Tensor>
  /** Their values as they flow on, where these are wanted. */
  readonly values: ReadonlyMap<string, Tensor>
  /** Of edited hooks among them, the values before the edits. */
  readonly before: ReadonlyMap<string, Tensor>
}

/** Sums over the positions of each token, by the row of W_E that they read, which the embedding scales. */
function byRow(
  { shape, data }: Tensor,
  ids: readonly number[],
  scale: number
): RunGradient['rows'] {
  const [, width = 0] = shape
  const distinct = [...new Set(ids)].sort((a, b) => a - b)
  const places = new Map(distinct.map((id, row) => [id, row]))
  const gradient = zeros([distinct.length, width])
  ids.forEach((id, pos) => {
    const row = places.get(id)! * width
    for (let i = 0; i < width; i++)
      gradient.data[row + i]! += data[pos * width + i]! * Math.fround(scale)
  })
  return { ids: distinct, gradient }
}

/** Adds rows to those at some places. */
function addRows(into: Tensor, places: readonly number[], { shape, data }: Tensor): void {
  const width = elementCount(shape.slice(1))
  places.forEach((place, row) => {
    for (let i = 0; i < width; i++) into.data[place * width + i]! += data[row * width + i]!
  })
}

function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(elementCount(shape)) }
}
