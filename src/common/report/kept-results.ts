import { z } from 'zod'
import { AnalysisSubject, saidCut } from '../analysis/subject.ts'
import type { ModelInfo, Run } from '../contract/schemas.ts'
import type { AnalysisRequest, SessionKept } from '../contract/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Provenance } from '../figure/provenance.ts'
import {
  windowsOfCorpus,
  windowsOfText,
  type FigureSource,
  type FigureView
} from '../figure/views/figure-view.ts'
import { figureViews } from '../figure/views/registry.ts'
import { LamellaError } from '../model/errors.ts'
import { isSameModel } from '../model/model-ref.ts'
import type { RunSource } from '../model/run-source.ts'
import { Json } from '../model/json.ts'
import { drawnForReport } from './drawn-for-report.ts'
import { inputOf, namedCorpus } from './kept-corpus.ts'
import { keptNumbersFigure } from './kept-numbers-figure.ts'
import type { KeptRuns } from './kept-patterns.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'
import { servedRuns } from './served-runs.ts'

/** What a session's file keeps of its runs and of what analyses came to. */
export interface KeptNumbers extends Pick<KeptRuns, 'run'> {
  result(request: AnalysisRequest): Promise<Dataset>
}

type Drawn = ReportedFigure & {
  readonly from: Provenance
  /** Keys of the results that it is of. */
  readonly reads: readonly string[]
}

/** Those that were looked at last; more are not drawn, which is said. */
export const mostDrawnResults = 24

/**
 * What has no figure of its own: patterns, of which each run has one, and numbers that stand beside what is pointed at. The table of
 * results has them all.
 */
const undrawn = new Set(['patterns', 'predictions', 'head-scores'])

/** Results that are drawn. */
export function resultsToDraw({ results }: SessionKept): readonly AnalysisRequest[] {
  return results.map(({ request }) => request).filter(({ name }) => !undrawn.has(name))
}

function viewsOf({ name, of: { corpus }, with: other }: AnalysisRequest): readonly FigureView[] {
  const isOneText = corpus !== null && inputOf(corpus) !== null && corpus.window === null
  const reads: readonly FigureView['of'][] =
    other !== null
      ? ['two weights']
      : corpus === null
        ? ['weights', 'windows or weights', 'checkpoints']
        : [
            'windows',
            'windows or weights',
            'checkpoints',
            ...(isOneText ? (['text'] as const) : [])
          ]
  return figureViews.filter(({ of, analyses }) => reads.includes(of) && analyses.includes(name))
}

/**
 * What analyses came to, as far as it is kept, each as the views draw it that are of it, or by its axes alone where none is:
 * nothing is computed. What a view can be set to and the analysis was not asked is as the view begins with.
 */
export async function keptResults(
  session: ReportedSession,
  read: KeptNumbers
): Promise<ReportedFigure[]> {
  const figures = new Map<string, ReportedFigure>()
  const inFigures = new Set<string>()
  const plain: AnalysisRequest[] = []
  const isServed = await servedRuns(session, read)
  for (const request of resultsToDraw(session.kept).slice(-mostDrawnResults)) {
    const { model, corpus } = request.of
    const input = corpus && inputOf(corpus)
    if (input !== null && isServed(model, input)) continue
    let isDrawn = false
    for (const view of viewsOf(request)) {
      const figure = await drawnBy(view, request, session, read)
      if (figure === null) continue
      for (const key of figure.reads) inFigures.add(key)
      const { again, of } = figure.from
      figures.set(JSON.stringify([view.name, again, of]), figure)
      isDrawn = true
    }
    if (!isDrawn) plain.push(request)
  }
  for (const request of plain.filter(request => !inFigures.has(keyOf(request)))) {
    const result = await read.result(request).catch(() => null)
    const run = await runOfRequest(request, session, read).catch(() => null)
    const figure = result && keptNumbersFigure(request, result, session, run?.source.input ?? null)
    if (figure !== null) figures.set(keyOf(request), figure)
  }
  return [...figures.values()]
}

/** What tells requests apart. */
function keyOf({ name, params, of, with: other }: AnalysisRequest): string {
  const { model, corpus, edits, provider } = of
  return JSON.stringify([name, params, model, corpus, edits, provider, other])
}

/** What a view makes of a result; null where some of what it needs is not kept. */
async function drawnBy(
  view: FigureView,
  request: AnalysisRequest,
  session: ReportedSession,
  read: KeptNumbers
): Promise<Drawn | null> {
  const params = paramsToShow(view, request, session)
  if (params === null) return null
  const given: AnalysisRequest[] = []
  const source = sourceOf(request, session, read, own => given.push(own))
  if (source === null) return null
  try {
    const { title, from, draw } = await view.make(source, params)
    if (given.every(({ name }) => name !== request.name)) return null
    const again = {
      ...{ view: view.name, params },
      ...(source.other && { with: source.other.model.name })
    }
    const reads = given.map(keyOf)
    return { name: title, drawn: drawnForReport(draw), from: { ...from, again }, reads }
  } catch {
    // It is of numbers that the session does not keep.
    return null
  }
}

/** How a view is set to show what an analysis was asked; null where it cannot. */
function paramsToShow(
  { params, toShow }: FigureView,
  request: AnalysisRequest,
  { content }: ReportedSession
): Record<string, unknown> | null {
  if (!(params instanceof z.ZodObject)) return null
  const asked = z.record(z.string(), z.unknown()).catch({}).parse(request.params)
  const { corpus } = request.of
  const isOfCorpus = corpus !== null && inputOf(corpus) === null
  const texts = isOfCorpus ? namedCorpus(corpus, content.library).texts : undefined
  const own = Object.entries(toShow?.(request.name, asked, texts) ?? asked)
  const shown = Object.fromEntries(
    own.filter(([name, value]) => name in params.shape && value !== undefined)
  )
  return params.safeParse(shown).success ? shown : null
}

/**
 * Gives what is kept alone.
 * @param given is told each request whose result it had
 * @returns null where the session does not know the model
 */
function sourceOf(
  { of, with: other }: AnalysisRequest,
  session: ReportedSession,
  read: KeptNumbers,
  given: (request: AnalysisRequest) => void
): FigureSource | null {
  const { models, kept, content } = session
  const version = session.saved?.version ?? session.version
  const infoOf = (ref: AnalysisSubject['model']): ModelInfo | null =>
    models.find(({ info }) => isSameModel(info, ref))?.info ?? null
  const model = infoOf(of.model)
  const compared = other && infoOf(other.model)
  if (model === null || (other !== null && compared === null)) return null
  const input = of.corpus && inputOf(of.corpus)
  const source: FigureSource = {
    ...{ model, version, other: null },
    async run() {
      return runOfRequest({ of }, session, read)
    },
    async windows() {
      const { corpus, edits, provider } = of
      if (corpus === null) throw absent('the text')
      const cut = saidCut(corpus)
      if (input !== null) return windowsOfText(await source.run(), cut)
      const { name, inputs } = namedCorpus(corpus, content.library)
      return windowsOfCorpus({ name, inputs }, { edits, provider }, cut)
    },
    async analysis(name, params, reads = 'whole') {
      // Most views are of other analyses altogether: the file is not asked.
      if (!kept.results.some(({ request }) => request.name === name)) throw absent(name)
      // What was read is cut as it was.
      const instead = typeof reads === 'object' && 'ids' in reads ? { inputs: [reads] } : {}
      const corpus =
        reads === 'nothing' || reads === 'weights'
          ? null
          : of.corpus && { ...of.corpus, ...instead }
      const asked = {
        ...{ name, params: Json.parse(params), with: other },
        of: AnalysisSubject.parse({ ...of, corpus })
      }
      const found = await read.result(asked)
      given(asked)
      return found
    },
    going: () => Promise.reject(absent('how the text goes on')),
    tokenizer: {
      vocabulary: () => Promise.reject(absent('the vocabulary')),
      split: () => Promise.reject(absent('the tokenizer'))
    }
  }
  return compared === null ? source : { ...source, other: { ...source, model: compared } }
}

/** The run whose text an analysis read. A window asks for it by the ids of its tokens, and keeps the run by its text. */
async function runOfRequest(
  { of }: Pick<AnalysisRequest, 'of'>,
  { kept }: Pick<ReportedSession, 'kept'>,
  read: KeptNumbers
): Promise<Run> {
  const input = of.corpus && inputOf(of.corpus)
  if (input === null) throw absent('the run')
  const { model, edits, provider } = of
  const own = await read.run({ model, input, edits, provider }).catch(() => null)
  if (own !== null) return own
  const ids = 'ids' in input ? input.ids : []
  const asked = JSON.stringify([edits, provider])
  const isLike = ({ model: other, edits, provider }: RunSource) =>
    isSameModel(model, other) && JSON.stringify([edits, provider]) === asked
  for (const { source, tokens } of kept.runs) {
    if (tokens !== ids.length || !isLike(source)) continue
    const run = await read.run(source).catch(() => null)
    if (run?.tokens.every(({ id }, i) => id === ids[i])) return run
  }
  throw absent('the run')
}

function absent(what: string): LamellaError {
  return new LamellaError('not-kept', `${what}: the session keeps none`)
}
