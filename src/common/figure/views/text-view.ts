import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { attentionSides, groupWeights } from '../../analysis/group-weights.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { groupOfToken, tokenGroups, tokenUnits } from '../../text/token-groups.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { figureView } from './figure-view.ts'
import { isMirrored, madeText } from './flowing-run.ts'
import { LineWidth } from './line-width.ts'
import { LookParams, lookOf } from './look-params.ts'
import { textFigure } from './text-figure.ts'

const Position = z.int().min(0)

const TextParams = LookParams.omit({ pooling: true }).extend({
  layer: Position,
  /** The mean of all heads of the layer where it is null. */
  head: Position.nullable().default(null),
  /** Whether it is attention from a token or to it. */
  side: z.enum(attentionSides).default('from'),
  unit: z.enum(tokenUnits).default('token'),
  /** Position of the token; from the last one, or to the first, where it is null. */
  token: Position.nullable().default(null),
  first_token: z.enum(firstTokens).default('shown'),
  line: LineWidth,
  /** Whether it runs from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** The text, its tokens shaded by attention from one of them or to it. */
export const textView = figureView({
  name: 'text',
  analyses: ['patterns', 'aggregate'],
  about:
    'the text, its tokens shaded by attention from or to one of them: of a head, or the mean of a layer',
  of: 'text',
  params: TextParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { layer, head, side, unit: wanted, token, first_token, line } = params
    checkIndex('layer', layer, model.config?.nLayers ?? 0)
    if (head !== null) checkIndex('head', head, model.config?.nHeads ?? 0)
    const run = await runOf()
    const size = run.tokens.length
    if (token !== null) checkIndex('token', token, size)
    const kept = { first_token, exact: false }
    const result =
      head === null
        ? await analysis('aggregate', { how: 'mean', heads: null, layers: [layer], ...kept })
        : await analysis('patterns', { layer, head, ...kept })
    const data = Float32Array.from(variable(result, 'pattern').data)
    const { input } = run.source
    const text = 'text' in input ? input.text : null
    const unit = text === null ? 'token' : wanted
    const tokens = writtenTokens(run)
    const groups = tokenGroups(tokens, text, unit)
    const groupOf = groupOfToken(groups)
    const own = groupOf[token ?? (side === 'from' ? size - 1 : 0)]!
    const firstHidden = first_token === 'hidden'
    const visibility = model.visibility?.[layer] ?? null
    const of = { pattern: data, size, visibility, firstHidden }
    const weights = groupWeights(of, groups, own, side)
    const name = head === null ? `Block ${layer}, mean of all heads` : `Head ${layer}.${head}`
    const pattern = { model, run, name, tokens, firstHidden, precision: 'float16' as const }
    const shown = { pattern, less: null, caption: null, groups, side, unit, own, weights }
    const figure = textFigure(shown, version)
    const high = weights.reduce((most, weight) => (weight > most ? weight : most), 0)
    const range = rangeOf({ low: 0, high }, 'weight')
    const look = lookOf({ ...params, pooling: 'maximum' }, range, rangeTo(1, 'weight'))
    const flow = { line, mirrored: isMirrored(run, params.mirrored), groupOf }
    return madeText(model, run, figure, flow, look)
  }
})
