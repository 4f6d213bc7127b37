import { z } from 'zod'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import {
  directFigure,
  directForms,
  directHeadsFigure,
  directTextFigure,
  directTokensFigure,
  type FiguredDirect
} from './direct-figures.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { isMirrored, madeText, writtenOf } from './flowing-run.ts'
import { LineWidth } from './line-width.ts'
import { lookOf, lookParams, OwnRange, plainLook } from './look-params.ts'

const Index = z.int().min(0)

const DirectParams = z.strictObject({
  /** Of the text. */
  range: OwnRange,
  /** A position and a token id, or two: `7:12`, `7:12-5`. */
  at: z
    .string()
    .max(100)
    .regex(/^\d{1,9}:\d{1,9}(-\d{1,9})?$/, 'expected a position and a token id, such as 7:12'),
  /** What of it: its parts layer by layer, each head, the strongest neurons, or what heads give by the tokens that they read. */
  form: z.enum(directForms).default('sum'),
  /** Whether the sum goes on to the logarithm of the probability. */
  log: z.boolean().default(false),
  /** Of `tokens` and `text`: one head alone. */
  layer: Index.nullable().default(null),
  head: Index.nullable().default(null),
  line: LineWidth,
  /** Whether tokens run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What a logit is the sum of. */
export const directView = figureView({
  name: 'direct-logit-attribution',
  analyses: ['direct-logit-attribution'],
  about:
    'what components add to a logit directly: layer by layer, each head, neurons, or by the tokens that heads read',
  of: 'text',
  params: DirectParams,
  ranged: ['form', 'log'],
  toShow: (_, { targets }) => ({ at: targets }),
  async make({ model, version, run: runOf, analysis }, params) {
    const { at, form, log, layer, head, range, line } = params
    if (log && at.includes('-'))
      throw new LamellaError(
        'invalid-argument',
        'log: a difference of two logits has no probability',
        'Ask for one token, or leave log out.'
      )
    const run = await runOf()
    const result = await analysis('direct-logit-attribution', { targets: at, by_token: true })
    const direct: FiguredDirect = { model, run, result, log }
    if (form === 'sum' || form === 'neurons')
      return modelFigure(model, directFigure(direct, form, version), plainLook)
    if (form === 'heads') {
      const figure = directHeadsFigure(direct, version)
      const values = [...figure.data.values]
      const extent = { low: Math.min(...values), high: Math.max(...values) }
      return modelFigure(model, figure, { ...plainLook, range: rangeOf(extent, 'difference') })
    }
    if (layer !== null) checkIndex('layer', layer, model.config?.nLayers ?? 0)
    if (head !== null) checkIndex('head', head, model.config?.nHeads ?? 0)
    const mirrored = isMirrored(run, params.mirrored)
    const of = layer === null || head === null ? null : { layer, head }
    const tokens = directTokensFigure(direct, of, mirrored, version)
    if (form === 'tokens') return modelFigure(model, tokens, plainLook)
    const { low, high } = tokens.data
    const look = { ...lookParams(plainLook), range }
    const text = directTextFigure(direct, of, version)
    return madeText(model, writtenOf(run), text, { line, mirrored }, lookOf(look, { low, high }))
  }
})
