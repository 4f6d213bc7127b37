import { visibleText } from '#common/text/visible-text.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import { blockHooks, blockHookName, modelHooks, parseHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { outputName } from '../../architecture/onnx/expose.ts'
import { headInput } from '../../architecture/onnx/onnx-transformer.ts'
import type { Engine } from '../../engine/client.ts'
import type { EngineFeeds } from '../../engine/protocol.ts'
import type { TraceCache } from '../../trace/cache.ts'
import type { Forward, RunRecord } from './forward.ts'
import { float32, keptType, rowsOf, showMasked } from './hook-values.ts'
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
  cache: TraceCache,
  shortText: number
): Forward<OnnxRunnable> {
  /** Runs the graph for some hooks, and caches those it gives in the type that is kept. */
  async function compute(
    { run, model }: OnnxRun,
    hooks: readonly string[],
    exact: boolean,
    context: CallContext
  ): Promise<ReadonlyMap<string, Tensor>> {
    context.progress({ label: `Running ${visibleText(model.info.name)}`, done: 0, total: 1 })
    const ids = run.tokens.map(({ id }) => id)
    const feeds = onnxFeeds(model.onnx, model.onnx.body(), ids)
    const wanted = hooks.map(hook => ({ hook, type: exact ? 'float32' : keptType(hook) }) as const)
    const part = bodyPart(model, run.provider)
    const outputs = wanted.map(({ hook, type }) => ({ name: outputName(hook), type }))
    const results = await engine.run(part.name, part.source, feeds, outputs, context.signal)
    const values = new Map<string, Tensor>()
    for (const { hook, type } of wanted) {
      const result = results[outputName(hook)]!
      if (hook.endsWith('.attn.hook_attn_scores')) showMasked(result.data)
      const value = { ...result, shape: shapeOf(hook, result.shape, ids.length) }
      if (type === keptType(hook)) cache.put(run.id, hook, value)
      values.set(hook, float32(value))
    }
    return values
  }

  async function bodyValue(
    record: OnnxRun,
    hook: string,
    exact: boolean,
    context: CallContext
  ): Promise<Tensor> {
    const isKept = !exact || keptType(hook) === 'float32'
    const kept = isKept ? cache.get(record.run.id, hook) : null
    return kept ?? (await compute(record, [hook], exact, context)).get(hook)!
  }

  /** What the graph computes of some positions from the last residual; of all when null. */
  async function headValue(
    record: OnnxRun,
    hook: string,
    positions: readonly number[] | null,
    context: CallContext
  ): Promise<Tensor> {
    const { run, model } = record
    const { fixedLength, widths } = model.onnx
    const last = blockHookName(widths.nLayers - 1, 'hook_resid_post')
    const residual = await bodyValue(record, last, true, context)
    // A graph of one length computes all positions whatever is asked.
    const rows = positions === null || fixedLength !== null ? residual : rowsOf(residual, positions)
    const [count = 0, width = 0] = rows.shape
    const ids = run.tokens.slice(0, count).map(({ id }) => id)
    const part = headPart(model, run.provider)
    const feeds: EngineFeeds = {
      ...onnxFeeds(model.onnx, model.onnx.head(), ids),
      [headInput]: { type: 'float32', shape: [1, count, width], data: rows.data }
    }
    const value = await runFor(part, feeds, hook, count, context.signal)
    return rows === residual && positions !== null ? rowsOf(value, positions) : value
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
      const missing = hooksOfRun(record).filter(hook => !cache.has(record.run.id, hook))
      if (missing.length > 0) await compute(record, missing, false, context)
      const last = hooksOfRun(record).findLast(isResidual)
      return last === undefined ? null : bodyValue(record, last, false, context)
    },

    isComplete: record => hooksOfRun(record).every(hook => cache.has(record.run.id, hook)),

    async value(record, name, exact, context) {
      const { model } = record
      if (parseHookName(name) === null)
        throw new LamellaError('invalid-argument', `${name}: not a hook of ${model.info.name}`)
      if (model.onnx.headHooks.includes(name)) return headValue(record, name, null, context)
      if (model.onnx.bodyHooks.includes(name))
        return bodyValue(record, canonical(model, name), exact, context)
      throw notExposed(model, name)
    },

    async logits(record, positions, context) {
      const { bodyHooks, headHooks } = record.model.onnx
      if (headHooks.includes('logits')) return headValue(record, 'logits', positions, context)
      if (!bodyHooks.includes('logits')) throw notExposed(record.model, 'logits')
      return rowsOf(await bodyValue(record, 'logits', true, context), positions)
    }
  }
}

function isResidual(hook: string): boolean {
  return /hook_resid_(pre|post)$/.test(hook)
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
  const address = parseHookName(hook)!
  const axes = address.layer === null ? modelHooks[address.hook] : blockHooks[address.hook]
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
