import { paperLook, type Look } from '#common/figure/look.ts'
import type { Again } from '#common/figure/provenance.ts'
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
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownPredictions } from './use-predictions.ts'

/** A text with its predictions, and how it is shaded. */
export interface PredictionsToSave {
  readonly shown: ShownPredictions
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
  const { standings } = shown
  const whole = { ...shown, shading, shade, own, mirrored: seen.mirrored }
  const from = predictionsOrigin(whole, version)
  const name = `${modelName} · ${shade} of tokens`
  const onPaper = { ...look, ...paperLook }
  const text = predictionsTextFigure(whole, version).data(seen)
  const numbers = { ...from, again: numbersAgain(shown) }
  if (standings === null) return figureFormats(shadedText, name, text, onPaper, { from: numbers })
  const bars = predictionBarsFigure(whole, look.range.high, standings, version)
  return [
    ...figureFormats(shadedText, name, text, onPaper, {
      from: { ...numbers, ...drawnAgain(saved, 'text') },
      note: 'the text'
    }),
    ...figureFormats(bars.kind, `${name} · bars`, bars.data, onPaper, {
      from: { ...numbers, ...drawnAgain(saved, 'bars') },
      note: 'bars'
    }),
    ...dataFormats(name, standings, numbers)
  ]
}

/**
 * The command that draws them again, lines of the text broken anew where they are as long; where tokens are hidden there is that of their
 * numbers alone.
 */
function drawnAgain(
  { shown, shade, look, own: token, seen }: PredictionsToSave,
  form: 'bars' | 'text'
) {
  if (shown.positions.length > 0) return {}
  const { colors, scale, range } = lookParams(look)
  const { mirrored, room } = seen
  const flows = form === 'text' && { line: room.width }
  const params = { shade, form, token, ...flows, mirrored, colors, scale, range }
  return { again: { view: 'predictions', params } }
}

/** The command that gives the numbers again: that of their figure, which two sides have together, but where tokens are hidden. */
function numbersAgain({ positions, tokens }: ShownPredictions): Again {
  if (positions.length === 0) return { view: 'predictions', params: {} }
  const masked = positions.map(at => `${at}:${tokens[at]!.id}`).join()
  return { analysis: 'token-probabilities', params: { masked } }
}
