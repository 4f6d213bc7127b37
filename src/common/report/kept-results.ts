import { z } from 'zod'
import { AnalysisSubject } from '../analysis/subject.ts'
import type { ModelInfo } from '../contract/schemas.ts'
import type { AnalysisRequest, SessionKept } from '../contract/session.ts'
import type { Dataset } from '../data/dataset.ts'
import { plainWish } from '../figure/presets.ts'
import { noCommand, type Provenance } from '../figure/provenance.ts'
import { windowsOfText, type FigureSource, type FigureView } from '../figure/views/figure-view.ts'
import { figureViews } from '../figure/views/registry.ts'
import { LamellaError } from '../model/errors.ts'
import { isSameModel } from '../model/model-ref.ts'
import { Json } from '../model/json.ts'
import { corpusInputs } from '../model/library.ts'
import type { RunInput } from '../model/run-input.ts'
import { lastPart } from '../text/last-part.ts'
import { counted } from '../text/number-text.ts'
import type { KeptRuns } from './kept-patterns.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'

/** What a session's file keeps of its runs and of what analyses came to. */
export interface KeptNumbers extends Pick<KeptRuns, 'run'> {
  result(request: AnalysisRequest): Promise<Dataset>
}

type Drawn = ReportedFigure & { readonly from: Provenance }

/** More results are not drawn, which is said. */
export const mostDrawnResults = 24

/** Results that a view is of. Patterns have a figure for each run. */
export function resultsToDraw({ results }: SessionKept): readonly AnalysisRequest[] {
  return results.map(({ request }) => request).filter(request => viewsOf(request).length > 0)
}

function viewsOf({ name, of, with: other }: AnalysisRequest): readonly FigureView[] {
  if (name === 'patterns') return []
  const reads = other !== null ? 'two weights' : of.corpus === null ? 'weights' : 'text'
  return figureViews.filter(view => view.of === reads && view.analyses.includes(name))
}

/**
 * What analyses came to, as far as it is kept, each as the views draw it that are of it: nothing is computed. What a view can be
 * set to and the analysis was not asked is as the view begins with.
 */
export async function keptResults(
  session: ReportedSession,
  read: KeptNumbers
): Promise<ReportedFigure[]> {
  const figures = new Map<string, ReportedFigure>()
  for (const request of resultsToDraw(session.kept).slice(0, mostDrawnResults))
    for (const view of viewsOf(request)) {
      const figure = await drawnBy(view, request, session, read)
      if (figure === null) continue
      const { again, of } = figure.from
      // Of a corpus there is no command that tells them apart.
      const apart = 'none' in again ? request : null
      figures.set(JSON.stringify([view.name, again, of, apart]), figure)
    }
  return [...figures.values()]
}

/** What a view makes of a result; null where some of what it needs is not kept, or it shows none of a corpus. */
async function drawnBy(
  view: FigureView,
  request: AnalysisRequest,
  session: ReportedSession,
  read: KeptNumbers
): Promise<Drawn | null> {
  const { corpus } = request.of
  const params = paramsToShow(view, request)
  if (params === null) return null
  let isOfIt = false
  const source = sourceOf(request, session, read, name => (isOfIt ||= name === request.name))
  if (source === null) return null
  try {
    const { title, from, draw } = await view.make(source, params)
    if (!isOfIt) return null
    const command = {
      ...{ view: view.name, params },
      ...(source.other && { with: source.other.model.name })
    }
    const again = corpus !== null && inputOf(corpus) === null ? noCommand.corpus : command
    return { name: title, drawn: draw(plainWish), from: { ...from, again } }
  } catch {
    // It is of numbers that the session does not keep.
    return null
  }
}

/** How a view is set to show what an analysis was asked; null where it cannot. */
function paramsToShow(
  { params, toShow }: FigureView,
  request: AnalysisRequest
): Record<string, unknown> | null {
  if (!(params instanceof z.ZodObject)) return null
  const asked = z.record(z.string(), z.unknown()).catch({}).parse(request.params)
  const window = request.of.corpus?.window ?? undefined
  const own = Object.entries({ window, ...(toShow?.(request.name, asked) ?? asked) })
  const shown = Object.fromEntries(
    own.filter(([name, value]) => name in params.shape && value !== undefined)
  )
  return params.safeParse(shown).success ? shown : null
}

/**
 * Gives what is kept alone.
 * @param given is told the name of each analysis that it had
 * @returns null where the session does not know the model
 */
function sourceOf(
  { of, with: other }: AnalysisRequest,
  { models, version, kept, content }: ReportedSession,
  read: KeptNumbers,
  given: (name: string) => void
): FigureSource | null {
  const infoOf = (ref: AnalysisSubject['model']): ModelInfo | null =>
    models.find(({ info }) => isSameModel(info, ref))?.info ?? null
  const model = infoOf(of.model)
  const compared = other && infoOf(other.model)
  if (model === null || (other !== null && compared === null)) return null
  const input = of.corpus && inputOf(of.corpus)
  const source: FigureSource = {
    ...{ model, version, other: null },
    async run() {
      if (input === null) throw absent('the run')
      const { model, edits, provider } = of
      return read.run({ model, input, edits, provider })
    },
    async windows() {
      const { corpus, edits, provider } = of
      if (corpus === null) throw absent('the text')
      if (input !== null) return windowsOfText(await source.run())
      const name = corpusName(corpus, content.library)
      return { run: { source: { input: null, edits, provider } }, tokens: 0, corpus: { name } }
    },
    async analysis(name, params, reads = 'whole') {
      // Most views are of other analyses altogether: the file is not asked.
      if (!kept.results.some(({ request }) => request.name === name)) throw absent(name)
      const ofText = input && { inputs: [input], ...(typeof reads === 'string' ? {} : reads) }
      // A corpus is as it was read: its windows are those that were asked for.
      const corpus = reads === 'nothing' || reads === 'weights' ? null : (ofText ?? of.corpus)
      const found = await read.result({
        ...{ name, params: Json.parse(params), with: other },
        of: AnalysisSubject.parse({ ...of, corpus })
      })
      given(name)
      return found
    },
    tokenizer: {
      vocabulary: () => Promise.reject(absent('the vocabulary')),
      split: () => Promise.reject(absent('the tokenizer'))
    }
  }
  return compared === null ? source : { ...source, other: { ...source, model: compared } }
}

function absent(what: string): LamellaError {
  return new LamellaError('not-found', `${what}: the session keeps none`)
}

/** What a corpus is called in the session; else how many texts it is, or its file. */
function corpusName(
  { inputs }: NonNullable<AnalysisSubject['corpus']>,
  library: ReportedSession['content']['library']
): string {
  const named = library.find(
    item =>
      item.kind === 'corpus' && JSON.stringify(corpusInputs(item.of)) === JSON.stringify(inputs)
  )
  if (named !== undefined) return named.name
  const [first] = inputs
  const isFile = inputs.length === 1 && first !== undefined && 'path' in first
  return isFile ? lastPart(first.path) : counted(inputs.length, 'text')
}

/** The text or ids that are read, where that is all; null of a corpus. */
export function inputOf({
  inputs,
  stride
}: NonNullable<AnalysisSubject['corpus']>): RunInput | null {
  const [input] = inputs
  if (input === undefined || inputs.length > 1 || 'path' in input || stride !== null) return null
  return input
}
