import { z } from 'zod'
import { Masked } from '../../analysis/masked-labels.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { isMirrored, madeText, writtenOf } from './flowing-run.ts'
import { hidingText } from './hidden-tokens.ts'
import { LookParams, lookOf } from './look-params.ts'
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
  /** Of a model of masked tokens: the positions that are hidden, each with its token; the mask takes the place of one that is shown. */
  masked: Masked,
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
  ranged: ['shade'],
  async make(source, params) {
    const { model, version, analysis } = source
    const { shade, form, line, token: own } = params
    if (model.predicts === 'labels')
      throw new LamellaError('invalid-argument', `${model.name}: predicts labels, not tokens`)
    const { reads, ...hiding } = await hidingText(source, params.masked)
    const { run, masked } = hiding
    if (own !== null) checkIndex('token', own, run.tokens.length)
    const standings = await analysis('token-probabilities', { masked }, reads)
    const dVocab = model.config?.dVocab ?? 2
    const shading = shadingOf(standings, shade, dVocab)
    const asked = lookOf({ ...params, pooling: 'maximum' }, shading.extent)
    const look = shadingLook(asked, shade, asked.range, dVocab)
    const whole = {
      ...{ ...hiding, model, shading, shade, own },
      mirrored: isMirrored(run, params.mirrored)
    }
    if (form === 'text') {
      const text = { ...predictionsTextFigure(whole, version), dataset: () => standings }
      return madeText(model, writtenOf(run), text, { ...whole, line }, look)
    }
    const bars = predictionBarsFigure(whole, look.range.high, standings, version)
    return modelFigure(model, bars, look)
  }
})
