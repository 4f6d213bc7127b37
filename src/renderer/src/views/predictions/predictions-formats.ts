import type { Dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import { shadedText } from '#common/figure/shaded-text.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import {
  predictionBarsFigure,
  predictionsOrigin,
  predictionsTextFigure,
  type Shade,
  type Shading
} from '#common/figure/views/predictions-figures.ts'
import { maskedParam } from '../../reactive/use-hidden-tokens.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownPredictions } from './use-predictions.ts'

/** A text with its predictions, and how it is shaded. */
export interface PredictionsToSave {
  readonly shown: ShownPredictions & { readonly standings: Dataset }
  readonly shading: Shading
  readonly shade: Shade
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly look: Look
  /** The token that is selected. */
  readonly own: number | null
  /** The text as it flows now. */
  readonly seen: FlowingText
  /** Of Lamella. */
  readonly version: string
}

/** The files that predictions can be saved as: the shaded text, its bars, and all numbers. */
export function predictionsFormats(saved: PredictionsToSave): ExportFormat[] {
  const { shown, shading, shade, modelName, look, own, seen, version } = saved
  const { run, positions, standings } = shown
  const masked = maskedParam(run, positions)
  const whole = { ...shown, masked, shading, shade, own, mirrored: seen.mirrored }
  const from = predictionsOrigin(whole, version)
  const name = `${modelName} · ${shade} of tokens`
  const onPaper = { ...look, ...paperLook }
  const text = predictionsTextFigure(whole, version).data(seen)
  const numbers = { ...from, again: { view: 'predictions', params: { masked } } }
  const bars = predictionBarsFigure(whole, look.range.high, standings, version)
  return [
    ...figureFormats(shadedText, name, text, onPaper, {
      from: { ...from, again: drawnAgain(saved, 'text', masked) },
      note: 'the text',
      dataset: bars.dataset
    }),
    ...figureFormats(bars.kind, `${name} · bars`, bars.data, onPaper, {
      from: { ...from, again: drawnAgain(saved, 'bars', masked) },
      note: 'bars',
      dataset: bars.dataset
    }),
    ...dataFormats(name, standings, numbers)
  ]
}

/** The command that draws them again, lines of the text broken anew where they are as long. */
function drawnAgain(
  { shade, look, own: token, seen }: PredictionsToSave,
  form: 'bars' | 'text',
  masked: string | null
): FigureCommand {
  const { colors, scale, range } = lookParams(look)
  const { mirrored, room } = seen
  const flows = form === 'text' && { line: room.width }
  const params = { shade, form, masked, token, ...flows, mirrored, colors, scale, range }
  return { view: 'predictions', params }
}
