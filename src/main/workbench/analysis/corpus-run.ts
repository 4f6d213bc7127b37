import { z } from 'zod'
import type { Analysis, ModelFacts, Taken, Window } from '#common/analysis/analysis.ts'
import type { Corpus } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import type { Compute, Computation } from '../../compute/compute.ts'
import { checkUnchanged } from '../model/model.ts'
import type { Runnable } from '../run/runnable.ts'
import type { RunRecord } from '../run/run-record.ts'
import type { CorpusSources } from './corpus-sources.ts'
import { corpusStart, corpusWindows, type CorpusWindow } from './corpus-windows.ts'
import type { KeptResults } from './kept-results.ts'
import type { WindowRuns } from './window-runs.ts'

/** How far it has come is kept this often, in ms. */
const keptEvery = 1000

/** Windows whose labels are kept; of more, how many there were. */
const mostLabels = 10_000

/** What has been read of a corpus: kept beside what an analysis made of it. */
const Reading = z.object({
  place: z.object({
    source: z.int().min(0),
    bytes: z.int().min(0),
    token: z.int().min(0),
    next: z.int().min(0),
    covered: z.int().min(0)
  }),
  windows: z.int().min(0),
  labels: z.array(z.string()),
  sizes: z.array(z.int().min(0)),
  left: z.array(z.string())
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
  /** A run of some tokens. */
  readonly open: (tokens: readonly Token[], context: CallContext) => Promise<RunRecord<Runnable>>
  /** Of its result, and of how far it has come; null where neither is kept. */
  readonly key: string | null
}

/** What an analysis of windows came to. */
export interface CorpusResult {
  readonly result: Dataset
  readonly reading: Reading
  /** The tokens of the only window there was; null where there were several. */
  readonly only: readonly Token[] | null
}

/**
 * Takes an analysis through the windows of a corpus: the next window runs while the last one is still being looked at.
 * How far it has come is kept; an equal task goes on from there, to the same result bit for bit.
 * @throws LamellaError when a window cannot be read or run, or when the model's files changed
 */
export async function runCorpus<P>(
  task: CorpusTask<P>,
  parts: { compute: Compute; kept: KeptResults; runs: WindowRuns },
  context: CallContext
): Promise<CorpusResult> {
  const { analysis, params, model, facts, corpus, sources, key } = task
  const { signal } = context
  const begun = await begin(task, parts, signal)
  const { computation } = begun
  let { reading } = begun
  const needs = analysis.needs(params, facts)
  let only: readonly Token[] | null = null
  let keptAt = performance.now()
  let keeping = false

  function keep(): void {
    if (key === null || keeping || performance.now() - keptAt < keptEvery) return
    keeping = true
    computation
      .state(JSON.stringify(reading))
      .then(state => parts.kept.keepState(key, state))
      // Whatever it is, it is told where the result is asked for.
      .catch(() => undefined)
      .finally(() => {
        keeping = false
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
    computation.begin(windowOf(window, model))
    const record = await task.open(window.tokens, { signal, progress })
    const { runs } = parts
    const hand = (taken: Taken) => computation.take(taken)
    if (analysis.of === 'window') await runs.kept(record, needs, hand, { signal, progress })
    else await runs.visited(record, needs, hand, { signal, progress })
    only = reading.windows === 0 ? window.tokens : null
    reading = withWindow(reading, window)
    keep()
  }

  try {
    const leave = (line: string) => (reading = { ...reading, left: [...reading.left, line] })
    const rules = { model, corpus, signal, leave }
    for await (const window of corpusWindows(sources, rules, reading.place)) await take(window)
    if (reading.windows === 0) throw noWindows(reading)
    return { result: await computation.result(), reading, only }
  } finally {
    computation.end()
  }
}

/** From where an equal task has come, or from the start. */
async function begin<P>(
  { analysis, params, facts, sources, key }: CorpusTask<P>,
  { compute, kept }: { compute: Compute; kept: KeptResults },
  signal: AbortSignal
): Promise<{ computation: Computation; reading: Reading }> {
  const start = { name: analysis.name, params, model: facts }
  const state = key === null ? null : await kept.state(key)
  if (state !== null)
    try {
      const reading = Reading.parse(JSON.parse(state.note))
      return { computation: await compute.start({ ...start, state }, signal), reading }
    } catch {
      // What is damaged is computed anew.
      signal.throwIfAborted()
    }
  const computation = await compute.start({ ...start, state: null }, signal)
  const left = [...sources.left]
  return { computation, reading: { place: corpusStart, windows: 0, labels: [], sizes: [], left } }
}

function withWindow(reading: Reading, { tokens, label, after }: CorpusWindow): Reading {
  const listed = reading.windows < mostLabels
  return {
    ...reading,
    place: after,
    windows: reading.windows + 1,
    labels: listed ? [...reading.labels, label] : reading.labels,
    sizes: listed ? [...reading.sizes, tokens.length] : reading.sizes
  }
}

/** Whether it is of one text at once. */
function isSingle<P>({ corpus, sources }: CorpusTask<P>): boolean {
  return (
    corpus.window === null && sources.sources.length === 1 && sources.sources[0]!.kind !== 'file'
  )
}

function progressOf<P>(
  { corpus, sources }: CorpusTask<P>,
  { windows }: Reading,
  { label, share }: CorpusWindow
): Parameters<CallContext['progress']>[0] {
  const isCounted = corpus.window === null && sources.sources.every(({ kind }) => kind !== 'file')
  const total = sources.sources.length
  if (isCounted) return { label: `Window ${windows + 1} of ${total}`, done: windows, total }
  return { label: `Window ${windows + 1}: ${label}`, done: share, total: 1 }
}

function windowOf({ tokens, label }: CorpusWindow, { tokenizer }: Runnable): Window {
  return {
    ids: Int32Array.from(tokens, ({ id }) => id),
    texts: tokenizer === null ? null : tokens.map(({ text, special }) => (special ? null : text)),
    label
  }
}

function noWindows({ left }: Reading): LamellaError {
  const why = left.length === 0 ? '' : ` (${left.slice(0, 3).join('; ')})`
  return new LamellaError('invalid-argument', `There are no tokens to read${why}`)
}
