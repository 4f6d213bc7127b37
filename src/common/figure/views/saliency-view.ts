import { z } from 'zod'
import { tokensOfResult } from '../../analysis/described-tokens.ts'
import { Masked } from '../../analysis/masked-labels.ts'
import {
  groupOfMethod,
  groupParams,
  groupSettings,
  methodValues,
  numberParams,
  saliencyMethods,
  type SaliencyMethod
} from '../../analysis/saliency/saliency-methods.ts'
import { pathRules } from '../../analysis/saliency/path-steps.ts'
import { Baseline } from '../../analysis/saliency/saliency.ts'
import { variable } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { Seed } from '../../model/seed.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import { figureView, modelFigure, type FigureSource } from './figure-view.ts'
import { isMirrored, madeText, writtenOf } from './flowing-run.ts'
import { hidingText } from './hidden-tokens.ts'
import { LineWidth } from './line-width.ts'
import { LookParams, lookOf, OwnRange, plainLook } from './look-params.ts'
import {
  attentionGradientData,
  attentionGradientFigure,
  extentOf,
  headMeasures,
  mapText,
  saliencyBarsFigure,
  saliencyHeadsFigure,
  saliencyMapFigure,
  saliencyRange,
  saliencyTextFigure,
  scalarText
} from './saliency-figures.ts'

const SaliencyParams = LookParams.pick({ colors: true, pooling: true }).extend({
  /** Of the text. */
  range: OwnRange,
  /** `loss`, `logit:POS:TOKEN`, `probability:POS:TOKEN`, `difference:POS:A-B`; of a map `logit:top`, `probability:next` or an id. */
  of: z.string().max(100).default('loss'),
  /** Of a model of masked tokens: the positions that are hidden, each with its token; the mask takes the place of one that is shown. */
  masked: Masked,
  /** A bar a token, the text shaded, a map of every position, each head, or what one head attends to times its gradient. */
  form: z.enum(['bars', 'text', 'map', 'heads', 'head']).default('bars'),
  method: z.enum(saliencyMethods).default('grad_x_input'),
  /** By what heads are shown. */
  measure: z.enum(headMeasures).default('attention_x_gradient'),
  /** Of one head, from 0. */
  layer: z.int().min(0).default(0),
  head: z.int().min(0).default(0),
  steps: z.int().min(1).max(4096).default(64),
  rule: z.enum(pathRules).default('midpoint'),
  baseline: Baseline,
  samples: z.int().min(1).max(1024).default(8),
  noise: z.number().min(0).max(10).default(0.1),
  seed: Seed,
  line: LineWidth,
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What a number depends on. */
export const saliencyView = figureView({
  name: 'saliency',
  analyses: ['saliency', 'saliency-map'],
  about:
    'how a number depends on each token: bars or the text shaded by a method, a map of every position, heads by their gradients, or one head’s attention × gradient',
  of: 'text',
  params: SaliencyParams,
  ranged: ['form', 'method', 'of'],
  toShow(analysis, { of, method, masked, occlusion, ...set }) {
    const { steps, rule, baseline, samples, noise, seed } = set
    const settings = (method: SaliencyMethod) =>
      groupSettings(groupOfMethod(method), { steps, rule, baseline, samples, noise, seed })
    if (analysis === 'saliency-map') {
      const own = method as SaliencyMethod
      return { form: 'map', of, method: own, ...settings(own) }
    }
    const number = { of, ...(masked != null && { masked }) }
    const shown = (method: SaliencyMethod) => ({ ...number, method, ...settings(method) })
    if (occlusion === true) return shown('occlusion')
    if (Number(steps) > 0) return shown('ig')
    return Number(samples) > 0 ? shown('smooth_saliency') : number
  },
  async make(source, params) {
    const { model, version } = source
    const { of, masked, form, method, measure, colors, pooling, line } = params
    const { reads, ...hiding } = await hidingText(source, masked)
    const { run } = hiding
    const analysis: FigureSource['analysis'] = (name, asked) => source.analysis(name, asked, reads)
    const group = groupOfMethod(method)
    const set = form === 'heads' || form === 'head' ? {} : groupSettings(group, params)
    const mirrored = isMirrored(run, params.mirrored)
    const look = { colors, scale: 'linear', range: 'automatic', pooling } as const
    const figured = async (name: string, asked: Record<string, string | number | boolean>) => {
      const result = await analysis(name, asked)
      const known = tokensOfResult(result)
      const number = { of, masked }
      const what =
        form === 'map' ? mapText(result, of) : scalarText(number, id => known.get(id), model)
      return { ...hiding, ...number, model, mirrored, params: set, what, result }
    }
    if (form === 'map') {
      const of = await figured('saliency-map', { of: params.of, method, ...set })
      const figure = saliencyMapFigure(of, method, version)
      const range = saliencyRange(figure.data.pattern, method)
      return modelFigure(model, figure, lookOf(look, range))
    }
    if (form === 'heads') {
      const asked = { ...numberParams({ of, masked }), steps: 0, occlusion: false }
      const figure = saliencyHeadsFigure(await figured('saliency', asked), measure, version)
      const range = rangeOf(extentOf(figure.data.values), 'difference')
      return modelFigure(model, figure, { ...plainLook, range })
    }
    if (form === 'head') {
      const { layer, head } = params
      const pattern = await analysis('patterns', { layer, head })
      const asked = { ...numberParams({ of, masked }), steps: 0, occlusion: false }
      const own = await figured('saliency', asked)
      const weights = Float32Array.from(variable(pattern, 'pattern').data)
      const data = attentionGradientData(own, { layer, head }, weights)
      if (data === null)
        throw new LamellaError(
          'unsupported',
          `form: ${run.tokens.length} tokens have more gradients of patterns than one result holds`,
          'Give a shorter text.'
        )
      const figure = attentionGradientFigure(own, { layer, head }, data, version)
      const range = rangeOf(extentOf(data.pattern), 'difference')
      return modelFigure(model, figure, lookOf(look, range))
    }
    const made = await figured('saliency', groupParams(group, { of, masked }, params))
    if (form === 'bars')
      return modelFigure(model, saliencyBarsFigure(made, method, version), plainLook)
    const text = saliencyTextFigure(made, method, version)
    const ofText = lookOf(
      { ...look, range: params.range },
      saliencyRange(methodValues(made.result, method), method)
    )
    return madeText(model, writtenOf(run), text, { line, mirrored }, ofText)
  }
})
