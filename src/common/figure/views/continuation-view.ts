import { z } from 'zod'
import { variable } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { Sampling } from '../../model/sampling.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { continuationFigure } from './continuation-figure.ts'
import { figureView } from './figure-view.ts'
import { madeText, writtenOf } from './flowing-run.ts'
import { goingSteps, goneOn } from './going-steps.ts'
import { LineWidth } from './line-width.ts'
import { LookParams, plainLook } from './look-params.ts'
import { shadingLook } from './predictions-figures.ts'

const ContinuationParams = LookParams.pick({ colors: true, scale: true }).extend({
  max: z.int().min(1).max(100_000).default(40),
  /** How tokens are drawn; the most probable one is taken each time where it is null. */
  sampling: Sampling.nullable().default(null),
  /** Of each step so many candidates are told. */
  top: z.int().min(0).max(1000).default(10),
  /** Ids of tokens that it is to go on with first, and which of them, from 0, a person took. */
  path: z.array(z.int().min(0)).max(100_000).default([]),
  taken: z.array(z.int().min(0)).max(100_000).default([]),
  line: LineWidth,
  /** Whether it runs from right to left; by its letters where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** How a text goes on. */
export const continuationView = figureView({
  name: 'continuation',
  analyses: [],
  about: 'how a text goes on, token by token, shaded by how probable each of them was',
  of: 'text',
  params: ContinuationParams,
  async make({ model, version, run: runOf, going }, params) {
    const { max, sampling, top, path, taken, line, mirrored, colors, scale } = params
    if (model.predicts === 'labels')
      throw new LamellaError('invalid-argument', `${model.name}: predicts labels, not tokens`)
    const run = await runOf()
    const { generated, begun } = await going({ max, sampling, top, path })
    const probabilities = begun && variable(begun, 'probability').data
    const steps = goingSteps(generated, run, taken, probabilities)
    const own = writtenOf(run)
    const whole = goneOn(own.tokens, own.written, steps)
    const figure = continuationFigure({ model, run, steps, sampling }, version)
    const asked = { ...plainLook, colorMap: colors, scale, follows: false }
    const look = shadingLook(asked, 'probability', { low: 0, high: 1 }, 2)
    const flow = { line, mirrored: mirrored ?? readsRightToLeft(whole.written ?? '') }
    return madeText(model, whole, figure, flow, look)
  }
})
