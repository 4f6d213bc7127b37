import { numberParams, type SaliencyMethod } from '#common/analysis/saliency/saliency-methods.ts'
import { rangeOf } from '#common/figure/heat-map-pixels.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { shadedText } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import type { AnalysisCommand, Provenance } from '#common/figure/provenance.ts'
import { lookParams, plainLook } from '#common/figure/views/look-params.ts'
import { runOrigin } from '#common/figure/views/origin.ts'
import type { PatternData } from '#common/figure/views/pattern-figure.ts'
import {
  attentionGradientFigure,
  extentOf,
  saliencyBarsFigure,
  saliencyHeadsFigure,
  saliencyMapFigure,
  saliencyRange,
  saliencyTextFigure,
  type FiguredSaliency,
  type HeadMeasure
} from '#common/figure/views/saliency-figures.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** What is said of its files. */
export interface SaliencyFiles {
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly look: Look
  /** Of Lamella. */
  readonly version: string
}

/** The files of one method over the text: the text with its shades, its bars, and all numbers of all methods. */
export function textFormats(
  figured: FiguredSaliency,
  method: SaliencyMethod,
  seen: FlowingText,
  files: SaliencyFiles
): ExportFormat[] {
  const { look, version, modelName } = files
  const bars = saliencyBarsFigure(figured, method, version)
  const { colors, range } = lookParams(look)
  const drawn = { line: seen.room.width, colors, range }
  const text = saliencyTextFigure(figured, method, version, drawn)
  return [
    ...saved(bars, { ...look, ...paperLook }, files),
    ...figureFormats(
      shadedText,
      `${modelName} · ${text.what}`,
      text.data(seen),
      { ...look, ...paperLook },
      { from: text.from, note: 'the text', dataset: text.dataset }
    ),
    ...dataFormats(`${modelName} · saliency`, figured.result, numbersFrom(figured, bars.from))
  ]
}

/** With the one command that gives the numbers of all methods, which its result says: an analysis is asked of the text as it is read. */
function numbersFrom(figured: FiguredSaliency, from: Provenance): Provenance {
  const again = numbersAgain(figured)
  if (figured.masked === null) return { ...from, again }
  const { run, read, model } = figured
  const source = { ...run.source, input: { ids: read.tokens.map(({ id }) => id) } }
  return { ...from, of: runOrigin(model, { source }, from.of.place), again }
}

function numbersAgain({ of, masked, result }: FiguredSaliency): AnalysisCommand {
  const { params } = result.attributes
  const set = Object.entries(params ?? {}).filter(([, value]) => value !== null)
  const number = numberParams({ of, masked })
  return { analysis: 'saliency', params: { ...Object.fromEntries(set), ...number } }
}

/** The files of a map of every position. */
export function mapFormats(
  figured: FiguredSaliency,
  method: SaliencyMethod,
  files: SaliencyFiles
): ExportFormat[] {
  const { colors, pooling } = lookParams(files.look)
  const figure = saliencyMapFigure(figured, method, files.version, { colors, pooling })
  const range = saliencyRange(figure.data.pattern, method)
  const look: Look = { ...files.look, ...paperLook, range }
  return [
    ...saved(figure, look, files),
    ...dataFormats(`${files.modelName} · ${figure.what}`, figure.dataset(), figure.from)
  ]
}

/** The files of one head's attention × gradient. */
export function headFormats(
  {
    figured,
    data,
    at
  }: {
    readonly figured: FiguredSaliency
    readonly data: PatternData
    readonly at: { readonly layer: number; readonly head: number }
  },
  files: SaliencyFiles
): ExportFormat[] {
  const { pooling } = files.look
  const figure = attentionGradientFigure(figured, at, data, files.version, { pooling })
  return [
    ...saved(figure, { ...files.look, ...paperLook }, files),
    ...dataFormats(`${files.modelName} · ${figure.what}`, figure.dataset, figure.from, figure.what)
  ]
}

/** The files of heads by their gradients. */
export function headsFormats(
  figured: FiguredSaliency,
  measure: HeadMeasure,
  files: SaliencyFiles
): ExportFormat[] {
  const figure = saliencyHeadsFigure(figured, measure, files.version)
  const range = rangeOf(extentOf(figure.data.values), 'difference')
  return [
    ...saved(figure, { ...plainLook, ...paperLook, range }, files),
    ...dataFormats(`${files.modelName} · ${figure.what}`, figure.dataset(), figure.from)
  ]
}

function saved<D extends { readonly title: string | null }>(
  { kind, what, data, from, dataset }: ViewFigure<D, Provenance>,
  look: Look,
  { modelName }: SaliencyFiles
): ExportFormat[] {
  return figureFormats(kind, `${modelName} · ${what}`, data, look, { from, note: what, dataset })
}
