import { visibleText } from '#common/text/visible-text.ts'
import { checkIndex } from '#common/model/check-index.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { axesOf, blockHookName, isResidual, parseHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { headInput, outputName } from '../../architecture/onnx/expose.ts'
import type { Engine } from '../../engine/client.ts'
import type { EngineFeeds, EngineTensor } from '../../engine/protocol.ts'
import type { Forward, WantedValue } from './forward.ts'
import { hookAddress } from './hook-address.ts'
import { idsOf, type RunRecord } from './run-record.ts'
import type { RunValues } from './run-values.ts'
import { float32, joined, keptType, layoutOf, rowsOf, showMasked, sliceAt } from './hook-values.ts'
import { onnxFeeds } from './onnx-feeds.ts'
import { bodyPart, headPart, type OnnxRunnable } from './onnx-parts.ts'
import type { Part } from './parts.ts'

type OnnxRun = RunRecord<OnnxRunnable>

/**
 * Computes what runs of ONNX models ask for. Their graph runs as a whole up to the last residual; from there
 * a part of its own gives the logits of the positions asked for.
 * @param shortText up to so many tokens, a run keeps every pattern
 */
export function createOnnxForward(
  engine: Engine,
  cache: RunValues,
  shortText: number
): Forward<OnnxRunnable> {
  /** Runs the graph for some hooks. */
  async function compute(
    { run, model }: OnnxRun,
    hooks: readonly string[],
    exact: boolean,
    context: CallContext
  ): Promise<ReadonlyMap<string, EngineTensor>> {
    context.progress({ label: `Running ${visibleText(model.info.name)}`, done: 0, total: 1 })
    const ids = idsOf(run)
    const feeds = onnxFeeds(model.onnx, await model.onnx.body(), ids)
    const wanted = hooks.map(hook => ({ hook, type: exact ? 'float32' : keptType(hook) }) as const)
    const part = bodyPart(model, run.source.provider)
    const outputs = wanted.map(({ hook, type }) => ({ name: outputName(hook), type }))
    const results = await engine.run(part.name, part.source, feeds, outputs, context.signal)
    return new Map(
      wanted.map(({ hook }) => {
        const result = results[outputName(hook)]!
        if (hook.endsWith('.attn.hook_attn_scores')) showMasked(result.data)
        return [hook, { ...result, shape: shapeOf(hook, result.shape, ids.length) }]
      })
    )
  }

  async function bodyValue(
    record: OnnxRun,
    hook: string,
    { exact = false, index }: WantedValue,
    context: CallContext
  ): Promise<Tensor> {
    const isKept = !exact || keptType(hook) === 'float32'
    const kept = isKept ? await cache.get(record.run.id, hook, index) : null
    if (kept !== null) return kept
    const value = (await compute(record, [hook], exact, context)).get(hook)!
    if (!isKept) return sliceAt(value, index)
    return cache.keep(record.run.id, hook, value, layoutOf(hook), index)
  }

  /** The last residual, from which the head of the graph goes on. */
  function lastResidual(record: OnnxRun, context: CallContext): Promise<Tensor> {
    return bodyValue(record, lastResidualOf(record.model), { exact: true }, context)
  }

  /** What the graph computes of some positions from the last residual; of all when null. */
  async function headValue(
    { run, model }: OnnxRun,
    hook: string,
    residual: Tensor,
    positions: readonly number[] | null,
    signal: AbortSignal
  ): Promise<Tensor> {
    const { fixedLength } = model.onnx
    // A graph of one length computes all positions whatever is asked.
    const rows = positions === null || fixedLength !== null ? residual : rowsOf(residual, positions)
    const [count = 0, width = 0] = rows.shape
    const ids = run.tokens.slice(0, count).map(({ id }) => id)
    const part = headPart(model, run.source.provider)
    const feeds: EngineFeeds = {
      ...onnxFeeds(model.onnx, await model.onnx.head(), ids),
      [headInput]: { type: 'float32', shape: [1, count, width], data: rows.data }
    }
    const value = await runFor(part, feeds, hook, count, signal)
    return rows === residual && positions !== null ? rowsOf(value, positions) : value
  }

  /** Logits of some positions of one value after the other: the graph may take as many rows as there are tokens. */
  async function headLogits(
    record: OnnxRun,
    values: readonly Tensor[],
    positions: readonly number[],
    signal: AbortSignal
  ): Promise<Tensor> {
    const each: Tensor[] = []
    for (const value of values)
      each.push(await headValue(record, 'logits', value, positions, signal))
    return joined(each)
  }

  async function runFor(
    { name, source }: Part,
    feeds: EngineFeeds,
    hook: string,
    count: number,
    signal: AbortSignal
  ): Promise<Tensor> {
    const output = outputName(hook)
    const results = await engine.run(
      name,
      source,
      feeds,
      [{ name: output, type: 'float32' }],
      signal
    )
    const result = float32(results[output])
    return { ...result, shape: shapeOf(hook, result.shape, count) }
  }

  function hooksOfRun({ run, model }: OnnxRun): string[] {
    const isShort = run.tokens.length <= shortText
    return model.onnx.bodyHooks.filter(
      hook =>
        canonical(model, hook) === hook &&
        (isResidual(hook) || (isShort && hook.endsWith('.attn.hook_pattern')))
    )
  }

  return {
    async run(record, context) {
      const { id } = record.run
      const missing = await cache.missing(id, hooksOfRun(record))
      if (missing.length > 0)
        for (const [hook, value] of await compute(record, missing, false, context))
          await cache.put(id, hook, value, layoutOf(hook))
      const last = hooksOfRun(record).findLast(isResidual)
      return last === undefined ? null : bodyValue(record, last, {}, context)
    },

    async isComplete(record) {
      return (await cache.missing(record.run.id, hooksOfRun(record))).length === 0
    },

    async value(record, name, wanted, context) {
      const { bodyHooks, headHooks, widths } = record.model.onnx
      const [first] = axesOf(hookAddress(record.model, name))
      const length = first === 'head' ? widths.nHeads : record.run.tokens.length
      if (wanted.index !== undefined) checkIndex(first!, wanted.index, length, name)
      if (headHooks.includes(name)) {
        const last = await lastResidual(record, context)
        return sliceAt(await headValue(record, name, last, null, context.signal), wanted.index)
      }
      if (bodyHooks.includes(name))
        return bodyValue(record, canonical(record.model, name), wanted, context)
      throw notExposed(record.model, name)
    },

    async logits(record, positions, context, beside = []) {
      const { bodyHooks, headHooks } = record.model.onnx
      if (headHooks.includes('logits')) {
        const last = await lastResidual(record, context)
        return headLogits(record, [last, ...beside], positions, context.signal)
      }
      if (!bodyHooks.includes('logits') || beside.length > 0)
        throw notExposed(record.model, 'logits')
      return rowsOf(await bodyValue(record, 'logits', { exact: true }, context), positions)
    },

    async visit(record, hooks, take, context) {
      const { bodyHooks, headHooks } = record.model.onnx
      const missing = hooks.find(hook => !bodyHooks.includes(hook))
      if (missing !== undefined) throw notExposed(record.model, missing)
      const end = headHooks.includes('logits') ? lastResidualOf(record.model) : 'logits'
      const names = bodyHooks.includes(end) ? [...new Set([...hooks, end])] : hooks
      const values = await compute(record, names, true, context)
      for (const hook of hooks) await take(hook, float32(values.get(hook)))
      return async (positions, beside = []) => {
        const last = values.get(end)
        if (last === undefined || (end === 'logits' && beside.length > 0))
          throw notExposed(record.model, 'logits')
        return end === 'logits'
          ? rowsOf(float32(last), positions)
          : headLogits(record, [float32(last), ...beside], positions, context.signal)
      }
    }
  }
}

function lastResidualOf({ onnx }: OnnxRunnable): string {
  return blockHookName(onnx.widths.nLayers - 1, 'hook_resid_post')
}

/** What leaves a block enters the next: the name under which such a value is kept. */
function canonical({ onnx }: OnnxRunnable, hook: string): string {
  const address = parseHookName(hook)
  if (address === null || address.layer === null || address.hook !== 'hook_resid_post') return hook
  const next = blockHookName(address.layer + 1, 'hook_resid_pre')
  return onnx.bodyHooks.includes(next) ? next : hook
}

function notExposed({ info, onnx }: OnnxRunnable, hook: string): LamellaError {
  const { hooks, limits } = onnx
  const names = hooks.map(name => name.replace(/^blocks\.\d+\./, 'blocks.*.'))
  return new LamellaError(
    'unsupported',
    `${hook}: is not exposed by the ONNX graph of ${info.name}, which gives ${[...new Set(names)].join(', ')}`,
    limits.join(' ')
  )
}

/**
 * The shape of a hook's value without its batch of one.
 * @throws LamellaError `unsupported` when the value is not of one position each, or of pairs of positions
 */
function shapeOf(hook: string, shape: readonly number[], count: number): readonly number[] {
  const axes = axesOf(parseHookName(hook)!)
  const own = shape.length === axes.length + 1 && shape[0] === 1 ? shape.slice(1) : shape
  const isRight =
    own.length === axes.length &&
    axes.every((axis, i) => !['pos', 'query', 'key'].includes(axis) || own[i] === count)
  if (isRight) return own
  throw new LamellaError(
    'unsupported',
    `${hook}: the ONNX graph gives the shape [${shape.join(', ')}] for ${count} tokens, expected [${axes.join(', ')}]`
  )
}
