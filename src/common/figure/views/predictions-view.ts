import { z } from 'zod'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import { predictionBarsFigure, Shade, shadingLook, shadingOf } from './predictions-figures.ts'

const PredictionsParams = LookParams.omit({ pooling: true }).extend({
  shade: Shade.default('surprisal'),
  /** A token that is marked, by its position. */
  token: z.int().min(0).nullable().default(null),
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** How well each token of a text is predicted. */
export const predictionsView = figureView({
  name: 'predictions',
  analyses: ['token-probabilities'],
  about: 'a bar for each token: its surprisal, entropy, rank or probability, as shade says',
  of: 'text',
  params: PredictionsParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { shade, token: own } = params
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
    const figure = predictionBarsFigure(whole, look.range.high, standings, version)
    return madeFigure(model, figure, look)
  }
})
