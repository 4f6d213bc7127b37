import { z } from 'zod'
import { saidCut, type AnalysisSubject } from '../analysis/subject.ts'
import type { AnalysisRequest } from '../contract/session.ts'
import type { Dataset } from '../data/dataset.ts'
import { numbersFigure } from '../figure/views/numbers-figure.ts'
import { isSameModel } from '../model/model-ref.ts'
import type { RunInput } from '../model/run-input.ts'
import { cutText } from '../text/corpus-text.ts'
import { paramTexts } from '../text/params-text.ts'
import { drawnForReport } from './drawn-for-report.ts'
import { inputOf, namedCorpus } from './kept-corpus.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'

/**
 * The numbers that an analysis gave, of which no view is, by their axes alone; null where none lies along one or two.
 * @param text that was read, where it asks for its tokens by their ids
 */
export function keptNumbersFigure(
  request: AnalysisRequest,
  result: Dataset,
  { models, saved, version, content }: ReportedSession,
  text: RunInput | null
): ReportedFigure | null {
  const { name, of, with: other } = request
  const nameOf = (ref: AnalysisSubject['model']) =>
    models.find(({ info }) => isSameModel(info, ref))?.info.name
  const [model, compared] = [nameOf(of.model), other && nameOf(other.model)]
  if (model === undefined || compared === undefined) return null
  const title = [model, compared, name].filter(part => part !== null).join(' · ')
  const figure = numbersFigure(result, title)
  if (figure === null) return null
  const input = text ?? (of.corpus && inputOf(of.corpus))
  const count = Object.keys(result.variables).length
  const more = count > 1 ? `, one of ${count} variables` : ''
  const corpus = of.corpus && input === null ? namedCorpus(of.corpus, content.library) : null
  const cut = of.corpus === null ? undefined : saidCut(of.corpus)
  const windows = cut === undefined ? '' : `, in windows of ${cutText(cut)}`
  const over = `${corpus === null ? '' : `, over ${corpus.name}`}${windows}`
  const asked = {
    analysis: name,
    params: z.record(z.string(), z.unknown()).catch({}).parse(request.params),
    ...(compared !== null && { with: compared })
  }
  return {
    name: title,
    drawn: drawnForReport(wish => figure.draw(wish)),
    from: {
      version: saved?.version ?? version,
      of: {
        ...{ model, fingerprint: of.model.fingerprint, input },
        ...(corpus && { corpus: { name: corpus.name, inputs: corpus.inputs } }),
        ...(cut && { cut }),
        ...{ edits: of.edits, provider: of.corpus === null ? 'none' : of.provider },
        place: `${name}: ${figure.what}${askedText(asked.params)}${more}${over}`
      },
      ...{ less: null, precision: 'float32' },
      again: asked
    }
  }
}

/** A longer value is cut short: what makes it again has it whole. */
const mostLetters = 40

/** What was asked of the analysis, such as `, with position=49`; empty where nothing was. */
function askedText(params: Readonly<Record<string, unknown>>): string {
  const told = paramTexts(params, mostLetters)
  return told.length === 0 ? '' : `, with ${told.join(', ')}`
}
