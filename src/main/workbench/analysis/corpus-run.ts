import { z } from 'zod'
import type { Analysis, ModelFacts, Side, Taken, Window } from '#common/analysis/analysis.ts'
import type { Corpus } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import { Token } from '#common/model/token.ts'
import { withUnknown } from '#common/text/unknown-text.ts'
import type { Compute, Computation } from '../../compute/compute.ts'
import type { KeptState } from '../../compute/protocol.ts'
import { checkUnchanged } from '../model/model.ts'
import type { Runnable } from '../run/runnable.ts'
import { computing, waiting } from './computing.ts'
import type { CorpusSources } from './corpus-sources.ts'
import { corpusStart, type CorpusWindow, type WindowRules } from './corpus-window.ts'
import { corpusWindows, type BegunCorpus } from './corpus-windows.ts'
import type { KeptResults } from './kept-results.ts'
import { isNotFinite } from './not-finite.ts'
import type { WindowRun, WindowRuns } from './window-runs.ts'

/** How far it has come is kept this often, in ms. */
const keptEvery = 1000

/** Windows whose labels are kept. */
const mostListed = 10_000

/** What has been read of a corpus: kept beside what an analysis made of it. */
const Reading = z.object({
  place: z.object({
    source: z.int().min(0),
    bytes: z.int().min(0),
    token: z.int().min(0),
    next: z.int().min(0),
    covered: z.int().min(0),
    characters: z.int().min(0).optional()
  }),
  windows: z.int().min(0),
  labels: z.array(z.string()),
  sizes: z.array(z.int().min(0)),
  left: z.array(z.string()),
  /** The tokens of the only window so far; null where there are several. */
  only: Token.array().nullable(),
  unknown: z.object({ tokens: z.int().min(0), texts: z.array(z.string()).readonly() }).readonly(),
  /** Windows whose runs gave values that are NaN or infinite, and the first of them. */
  notFinite: z
    .object({ windows: z.int().min(0), first: z.string() })
    .readonly()
    .default({ windows: 0, first: '' })
})
export type Reading = z.infer<typeof Reading>

/** An analysis of windows, and what it is of. */
export interface CorpusTask<P> {
  readonly analysis: Analysis<P>
  readonly params: P
  readonly model: Runnable
  readonly facts: ModelFacts
  readonly corpus: Corpus
  readonly sources: CorpusSources
  readonly begun: BegunCorpus
  /** Runs of some tokens: one, or two that are compared. */
  readonly open: (tokens: readonly Token[], context: CallContext) => Promise<readonly Opened[]>
  /** Of its result, and of how far it has come; null where neither is kept. */
  readonly key: string | null
}

/** A run of a window, and what the analysis may know of its model. */
export interface Opened extends Pick<WindowRun, 'record' | 'edited'> {
  readonly facts: ModelFacts
}

/** What an analysis of windows came to. */
export interface CorpusResult {
  readonly result: Dataset
  readonly reading: Reading
  /** Whether an equal task comes to the same: nothing was left out that may be there another time. */
  readonly lasts: boolean
}

/** What a corpus is run with. */
export interface CorpusParts {
  readonly compute: Compute
  readonly kept: KeptResults
  readonly runs: WindowRuns
  /** Windows whose labels are kept; of more, how many there were. */
  readonly mostLabels?: number
}

/**
 * Takes an analysis through the windows of a corpus: the next window runs while the last one is still being looked at.
 * How far it has come is kept; an equal task goes on from there, to the same result bit for bit.
 * @throws LamellaError when a window cannot be read or run, or when the model's files changed
 */
export async function runCorpus<P>(
  task: CorpusTask<P>,
  parts: CorpusParts,
  context: CallContext
): Promise<CorpusResult> {
  const { analysis, params, model, corpus, sources, key } = task
  const { signal } = context
  const { mostLabels } = parts
  const begun = await begin(task, parts, context)
  const { computation } = begun
  let { reading } = begun
  let { lasts } = task.begun
  let keptAt = performance.now()
  let isKeeping = false
  let kept = Promise.resolve()

  function keep(): void {
    if (key === null || !lasts || isKeeping || performance.now() - keptAt < keptEvery) return
    isKeeping = true
    kept = computation
      .state(JSON.stringify(reading))
      .then(state => parts.kept.keepState(key, state))
      // Whatever it is, it is told where the result is asked for.
      .catch(() => undefined)
      .finally(() => {
        isKeeping = false
        keptAt = performance.now()
      })
  }

  async function take(window: CorpusWindow): Promise<void> {
    await checkUnchanged(model)
    if (analysis.of === 'window' && reading.windows > 0)
      throw new LamellaError(
        'invalid-argument',
        `${analysis.name}: is of one window, and there are more`,
        'Give one text that the model takes at once.'
      )
    // Of one text its blocks are what there is to tell of; of many windows these are.
    const isOne = isSingle(task)
    const progress: CallContext['progress'] = report => {
      if (isOne) context.progress(report)
    }
    if (!isOne) context.progress(progressOf(task, reading, window))
    computation.begin(windowOf(window, model.info))
    const opened = await task.open(window.tokens, { signal, progress })
    const runs = opened.map(({ record, facts, edited }) => ({
      record,
      edited,
      needs: analysis.needs(params, facts, window.tokens.length)
    }))
    let hasNotFinite = false
    const hand = (taken: Taken, side: Side) => {
      hasNotFinite ||= isNotFinite(taken)
      return computation.take(taken, side)
    }
    const go = (runs: readonly WindowRun[]) =>
      analysis.of === 'window'
        ? parts.runs.kept(runs, hand, { signal, progress })
        : parts.runs.visited(runs, hand, { signal, progress })
    await go(runs)
    if (analysis.continues)
      for (let more = await computation.more(); more !== null; more = await computation.more()) {
        const needs = more
        await go(runs.map(run => ({ ...run, needs })))
      }
    reading = withWindow(reading, window, hasNotFinite, mostLabels)
    keep()
  }

  try {
    const leave: WindowRules['leave'] = (line, mayBeHad) => {
      reading = { ...reading, left: [...reading.left, line] }
      lasts &&= !mayBeHad
    }
    const rules = { model, corpus, signal, leave }
    const windows =
      reading.windows === 0
        ? allOf(task.begun, rules)
        : corpusWindows(sources, rules, reading.place)
    for await (const window of windows) await take(window)
    if (reading.windows === 0) throw noWindows(reading)
    // Much of what was read may not be taken in yet, and few analyses tell how far they are.
    const report = computing(analysis.name, context)
    report(0, 0)
    const result = await computation.result(report)
    return { result, reading, lasts }
  } finally {
    computation.end()
    // Written once this has ended, it would take the place of a newer one.
    await kept
  }
}

/** The windows of a corpus that was begun, by rules that are as good. */
async function* allOf(
  { rules, first, rest }: BegunCorpus,
  { signal, leave }: Pick<WindowRules, 'signal' | 'leave'>
): AsyncGenerator<CorpusWindow> {
  Object.assign(rules, { signal, leave })
  if (first !== null) yield first
  yield* rest
}

/** From where an equal task has come, or from the start. */
async function begin<P>(
  { analysis, params, facts, begun, key }: CorpusTask<P>,
  { compute, kept }: CorpusParts,
  context: CallContext
): Promise<{ computation: Computation; reading: Reading }> {
  const { signal } = context
  const start = (state: KeptState | null) =>
    compute.start({ name: analysis.name, params, model: facts, state }, signal, waiting(context))
  const state = key === null ? null : await kept.state(key)
  if (state !== null)
    try {
      const reading = Reading.parse(JSON.parse(state.note))
      return { computation: await start(state), reading }
    } catch {
      // What is damaged is computed anew.
      signal.throwIfAborted()
    }
  const computation = await start(null)
  return { computation, reading: noneRead([...begun.left]) }
}

/** @param left what is left out, a line each */
export function noneRead(left: string[]): Reading {
  return {
    ...{ place: corpusStart, windows: 0, labels: [], sizes: [], left, only: null },
    unknown: { tokens: 0, texts: [] },
    notFinite: { windows: 0, first: '' }
  }
}

/** What has been read once another window was. */
export function withWindow(
  reading: Reading,
  { tokens, label, after }: Pick<CorpusWindow, 'tokens' | 'label' | 'after'>,
  hasNotFinite: boolean,
  mostLabels = mostListed
): Reading {
  const listed = reading.windows < mostLabels
  const { windows, first } = reading.notFinite
  return {
    ...reading,
    place: after,
    windows: reading.windows + 1,
    only: reading.windows === 0 ? [...tokens] : null,
    unknown: withUnknown(reading.unknown, tokens),
    notFinite: hasNotFinite
      ? { windows: windows + 1, first: windows === 0 ? label : first }
      : reading.notFinite,
    labels: listed ? [...reading.labels, label] : reading.labels,
    sizes: listed ? [...reading.sizes, tokens.length] : reading.sizes
  }
}

/** Whether it is of one text at once. */
function isSingle<P>({ corpus, sources }: CorpusTask<P>): boolean {
  return isWhole(corpus) && sources.sources.length === 1 && sources.sources[0]!.kind !== 'file'
}

/** Whether texts are read whole. */
function isWhole({ window, sentences }: Corpus): boolean {
  return window === null && !sentences
}

function progressOf<P>(
  { corpus, sources }: CorpusTask<P>,
  { windows }: Reading,
  { label, share }: CorpusWindow
): Parameters<CallContext['progress']>[0] {
  const isCounted = isWhole(corpus) && sources.sources.every(({ kind }) => kind !== 'file')
  const which = isCounted ? ` of ${sources.sources.length}` : `: ${label}`
  return { label: `Window ${windows + 1}${which}`, done: share, total: 1 }
}

/** A window as an analysis takes it. */
export function windowOf(
  { tokens, label, overlaps }: Pick<CorpusWindow, 'tokens' | 'label' | 'overlaps'>,
  { tokenizer }: Pick<ModelInfo, 'tokenizer'>
): Window {
  return {
    ids: Int32Array.from(tokens, ({ id }) => id),
    texts: tokenizer === null ? null : tokens.map(({ text, special }) => (special ? null : text)),
    label,
    ...(overlaps && { overlaps })
  }
}

function noWindows({ left }: Reading): LamellaError {
  const why = left.length === 0 ? '' : ` (${left.slice(0, 3).join('; ')})`
  return new LamellaError('invalid-argument', `There are no tokens to read${why}`)
}
