import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import { shadedText, type ShadedTextData } from '#common/figure/shaded-text.ts'
import { tokenBars } from '#common/figure/token-bars.ts'
import { isolated, tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { Shade } from './predictions-options.ts'
import type { Shading } from './standings.ts'
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
  readonly mirrored: boolean
  /** The text as it flows now. */
  readonly seen: () => Pick<ShadedTextData, 'boxes' | 'room'>
  /** Of Lamella. */
  readonly version: string
}

/** The files that predictions can be saved as: the shaded text, its bars, and all numbers. */
export function predictionsFormats(saved: PredictionsToSave): ExportFormat[] {
  const { shown, shading, shade, modelName, look, own, mirrored, seen, version } = saved
  const { model, of, positions, tokens, standings } = shown
  const hidden = positions.map(at => `${at} ${isolated(tokenText(tokens[at]!))}`).join(', ')
  const place = `Predictions of each token${hidden === '' ? '' : `, hidden: ${hidden}`}`
  const from: Provenance = {
    version,
    of: runOrigin(model, of, place),
    less: null,
    precision: 'float32'
  }
  const { unit, ranks, values, weights } = shading
  const name = `${modelName} · ${shade} of tokens`
  const title = `${model.name} · ${shade} of tokens`
  const onPaper = { ...look, ...paperLook }
  const text = (): ShadedTextData => ({
    quantity: 'weight',
    ...{ title, note: place, unit, ranks, weights },
    // No token has this number: none is framed.
    own: own ?? tokens.length,
    ...seen()
  })
  const bars = {
    ...{ title, tokens, values, unit, ranks, mirrored },
    high: look.range.high,
    scrolled: null,
    marked: own === null ? [] : [own]
  }
  return [
    ...figureFormats(shadedText, name, text, onPaper, { from, note: 'the text' }),
    ...figureFormats(tokenBars, `${name} · bars`, bars, onPaper, { from, note: 'bars' }),
    ...(standings === null ? [] : dataFormats(name, standings, from))
  ]
}
