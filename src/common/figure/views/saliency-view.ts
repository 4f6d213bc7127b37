import { z } from 'zod'
import { tokensOfResult } from '../../analysis/described-tokens.ts'
import { mapMethods } from '../../analysis/saliency/saliency-map.ts'
import {
  groupOfMethod,
  groupParams,
  saliencyMethods
} from '../../analysis/saliency/saliency-methods.ts'
import { pathRules } from '../../analysis/saliency/path-steps.ts'
import { Baseline } from '../../analysis/saliency/saliency.ts'
import { LamellaError } from '../../model/errors.ts'
import { Seed } from '../../model/seed.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import {
  extentOf,
  headMeasures,
  mapText,
  saliencyBarsFigure,
  saliencyHeadsFigure,
  saliencyMapFigure,
  saliencyRange,
  scalarText,
  type FiguredSaliency
} from './saliency-figures.ts'

const SaliencyParams = LookParams.pick({ colors: true, scale: true }).extend({
  /** `loss`, `logit:POS:TOKEN`, `probability:POS:TOKEN`, `difference:POS:A-B`; of a map `logit:top`, `probability:next` or an id. */
  of: z.string().max(100).default('loss'),
  /** A bar a token, a map of every position, or each head. */
  form: z.enum(['bars', 'map', 'heads']).default('bars'),
  method: z.enum(saliencyMethods).default('grad_x_input'),
  /** By what heads are shown. */
  measure: z.enum(headMeasures).default('attention_x_gradient'),
  steps: z.int().min(1).max(4096).default(64),
  rule: z.enum(pathRules).default('midpoint'),
  baseline: Baseline,
  samples: z.int().min(1).max(1024).default(8),
  noise: z.number().min(0).max(10).default(0.1),
  seed: Seed
})

/** What a number depends on. */
export const saliencyView = figureView({
  name: 'saliency',
  about:
    'how a number depends on each token: bars by a method, a map of every position, or heads by their gradients',
  of: 'text',
  params: SaliencyParams,
  toShow(analysis, { of, method, steps, rule, baseline, samples, noise, seed, occlusion }) {
    if (analysis === 'saliency-map') return { form: 'map', of, method }
    if (occlusion === true) return { of, method: 'occlusion' }
    if (Number(steps) > 0) return { of, method: 'ig', steps, rule, baseline }
    return Number(samples) > 0 ? { of, method: 'smooth_saliency', samples, noise, seed } : { of }
  },
  async make(source, params) {
    const { model, version, run: runOf, analysis } = source
    const { of, form, method, measure, colors, scale } = params
    const run = await runOf()
    const { input } = run.source
    const mirrored = 'text' in input && readsRightToLeft(input.text)
    const figured = async (name: string, asked: Record<string, string | number | boolean>) => {
      const result = await analysis(name, asked)
      const known = tokensOfResult(result)
      const what = form === 'map' ? mapText(result, of) : scalarText(of, id => known.get(id))
      return { model, run, of, mirrored, params: {}, what, result }
    }
    if (form === 'map') {
      const own = mapMethods.find(one => one === method)
      if (own === undefined)
        throw new LamellaError(
          'invalid-argument',
          `method: a map is by ${mapMethods.join(', ')}, not ${method}`
        )
      const of = await figured('saliency-map', { of: params.of, method: own })
      const figure = saliencyMapFigure(of, own, version)
      const range = saliencyRange(figure.data.pattern, own)
      const look = { colors, scale, range: 'automatic', pooling: 'maximum' } as const
      return madeFigure(model, figure, { ...lookOf(look, range), scale: 'linear' })
    }
    if (form === 'heads') {
      const asked = { of, steps: 0, occlusion: false }
      const figure = saliencyHeadsFigure(await figured('saliency', asked), measure, version)
      const range = rangeOf(extentOf(figure.data.values), 'difference')
      return madeFigure(model, figure, { ...plainLook, range })
    }
    const group = groupOfMethod(method)
    const made: FiguredSaliency = {
      ...(await figured('saliency', groupParams(group, of, params))),
      params: groupSet(group, params)
    }
    return madeFigure(model, saliencyBarsFigure(made, method, version), plainLook)
  }
})

/** What of the settings a group's numbers depend on. */
export function groupSet(
  group: ReturnType<typeof groupOfMethod>,
  {
    steps,
    rule,
    baseline,
    samples,
    noise,
    seed
  }: Pick<
    z.output<typeof SaliencyParams>,
    'steps' | 'rule' | 'baseline' | 'samples' | 'noise' | 'seed'
  >
): Record<string, string | number> {
  if (group === 'path') return { steps, rule, baseline }
  return group === 'noise' ? { samples, noise, seed } : {}
}
