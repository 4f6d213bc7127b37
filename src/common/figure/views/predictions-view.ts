import { z } from 'zod'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { flowingBoxes } from '../flowing-boxes.ts'
import { paperLook } from '../look.ts'
import { shadedText } from '../shaded-text.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import { LineWidth } from './line-width.ts'
import {
  predictionBarsFigure,
  predictionsTextFigure,
  Shade,
  shadingLook,
  shadingOf
} from './predictions-figures.ts'

const PredictionsParams = LookParams.omit({ pooling: true }).extend({
  shade: Shade.default('surprisal'),
  form: z.enum(['bars', 'text']).default('bars'),
  line: LineWidth,
  /** A token that is marked, by its position. */
  token: z.int().min(0).nullable().default(null),
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** How well each token of a text is predicted. */
export const predictionsView = figureView({
  name: 'predictions',
  analyses: ['token-probabilities'],
  about:
    'a bar for each token, or the text shaded: surprisal, entropy, rank or probability, as shade says',
  of: 'text',
  params: PredictionsParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { shade, form, line, token: own } = params
    if (model.predicts === 'labels')
      throw new LamellaError('invalid-argument', `${model.name}: predicts labels, not tokens`)
    const run = await runOf()
    if (own !== null) checkIndex('token', own, run.tokens.length)
    const standings = await analysis('token-probabilities', { masked: null })
    const dVocab = model.config?.dVocab ?? 2
    const shading = shadingOf(standings, shade, dVocab)
    const { input } = run.source
    const look = shadingLook(
      lookOf({ ...params, pooling: 'maximum' }, plainLook.range),
      shade,
      shading.extent,
      dVocab
    )
    const whole = {
      ...{ model, of: run, positions: [], tokens: writtenTokens(run), shading, shade, own },
      mirrored: params.mirrored ?? ('text' in input && readsRightToLeft(input.text))
    }
    const bars = predictionBarsFigure(whole, look.range.high, standings, version)
    if (form === 'bars') return madeFigure(model, bars, look)
    const text = 'text' in input ? input.text : null
    const { what, data } = predictionsTextFigure(whole)
    const flowing = flowingBoxes(
      whole.tokens,
      whole.tokens.map((_, at) => at),
      text,
      line,
      whole.mirrored
    )
    return madeFigure(
      model,
      { ...bars, what, kind: shadedText, data: data(flowing) },
      { ...look, ...paperLook }
    )
  }
})
