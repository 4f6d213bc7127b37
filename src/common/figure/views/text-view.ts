import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { attentionSides, groupWeights } from '../../analysis/group-weights.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { groupOfToken, tokenGroups, tokenUnits } from '../../text/token-groups.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { lessCaption } from '../captions.ts'
import { rangeOf, rangeTo } from '../heat-map-pixels.ts'
import { checkSubtracts, patternDifference, whyNoDifference } from './comparison.ts'
import { figureView, madeOfRead, type FigureSource, type MadeFigure } from './figure-view.ts'
import { isMirrored, madeText, writtenOf } from './flowing-run.ts'
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

type TextParams = z.output<typeof TextParams>

const ofRead = madeOfRead(read, made)

/** The text, its tokens shaded by attention from one of them or to it. */
export const textView = figureView({
  name: 'text',
  analyses: ['patterns', 'aggregate'],
  about:
    'the text, its tokens shaded by attention from or to one of them: of a head, or the mean of a layer',
  of: 'text',
  params: TextParams,
  ranged: [],
  make: ofRead.make,
  less: { ofSecond: ['layer', 'head', 'first_token'], make: ofRead.less }
})

async function read(
  { model, run: runOf, analysis }: FigureSource,
  { layer, head, first_token }: TextParams
) {
  checkIndex('layer', layer, model.config?.nLayers ?? 0)
  if (head !== null) checkIndex('head', head, model.config?.nHeads ?? 0)
  const run = await runOf()
  const kept = { first_token, exact: false }
  const result =
    head === null
      ? await analysis('aggregate', { how: 'mean', heads: null, layers: [layer], ...kept })
      : await analysis('patterns', { layer, head, ...kept })
  return {
    ...{ model, run, tokens: writtenTokens(run) },
    name: head === null ? `Block ${layer}, mean of all heads` : `Head ${layer}.${head}`,
    data: Float32Array.from(variable(result, 'pattern').data),
    visibility: model.visibility?.[layer] ?? null,
    firstHidden: first_token === 'hidden',
    precision: 'float16' as const
  }
}

/** A text shaded by a pattern, or by what is left of it once another is taken from it. */
function made(
  { model, version }: FigureSource,
  params: TextParams,
  pattern: Awaited<ReturnType<typeof read>>,
  less: Awaited<ReturnType<typeof read>> | null
): MadeFigure {
  const { side, unit: wanted, token, line } = params
  const { run, tokens, firstHidden } = pattern
  const size = tokens.length
  if (token !== null) checkIndex('token', token, size)
  if (less !== null) checkSubtracts(whyNoDifference(pattern.run, less.run))
  const quantity = less === null ? 'weight' : 'difference'
  const { data, visibility } = less === null ? pattern : patternDifference(pattern, less)
  const { input } = run.source
  const text = 'text' in input ? input.text : null
  const unit = text === null ? 'token' : wanted
  const groups = tokenGroups(tokens, text, unit)
  const groupOf = groupOfToken(groups)
  const own = groupOf[token ?? (side === 'from' ? size - 1 : 0)]!
  const weights = groupWeights({ pattern: data, size, visibility, firstHidden }, groups, own, side)
  const caption = less && lessCaption(pattern, less)
  const figure = textFigure({ pattern, less, caption, groups, side, unit, own, weights }, version)
  const span = {
    low: weights.reduce((least, weight) => (weight < least ? weight : least), 0),
    high: weights.reduce((most, weight) => (weight > most ? weight : most), 0)
  }
  const look = lookOf(
    { ...params, pooling: 'maximum' },
    rangeOf(span, quantity),
    rangeTo(1, quantity)
  )
  const flow = { line, mirrored: isMirrored(run, params.mirrored), groupOf }
  return madeText(model, writtenOf(run), figure, flow, look)
}
