import { z } from 'zod'
import { headAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import { LamellaError } from '../../model/errors.ts'
import { sideNames } from '../../analysis/head-comparison/compared-model.ts'
import {
  comparedDepthFigure,
  comparedKindsFigure,
  comparedMapsExtent,
  comparedMapsFigure,
  comparedMapsLook,
  comparedSides,
  type FiguredComparison,
  type ReadSide
} from './compared-heads-figures.ts'
import {
  figureView,
  modelFigure,
  readInWindows,
  type FigureSource,
  type MadeFigure
} from './figure-view.ts'
import { LookParams, lookOf, plainLook } from './look-params.ts'
import { scoreQuantities } from './score-map.ts'

/** What is drawn by chance is drawn alike each time. */
const seed = 0

const ComparedParams = z.strictObject({
  ...LookParams.omit({ pooling: true }).shape,
  form: z.enum(['maps', 'depth', 'kinds']).default('maps'),
  score: z.string().default('previous_token'),
  quantity: z.enum(scoreQuantities).default('above'),
  /** Of maps: both, or where models are of one shape their difference. */
  maps: z.enum(['both', 'difference']).default('both')
})
type ComparedParams = z.output<typeof ComparedParams>

/** What the heads of two models do, each on texts of its own. */
export const comparedHeadsView = figureView({
  name: 'compared-heads',
  analyses: [],
  about:
    'the heads of two models, each on texts: maps of a score, the score by depth, or kinds of heads by depth',
  of: 'two windows',
  params: ComparedParams,
  async make(source, params): Promise<MadeFigure> {
    const { version } = source
    const read = [await readSide(source), await readSide(source.other!)] as const
    const names = sideNames(read[0].model.name, read[1].model.name)
    const whole = { comparison: comparedSides(read, names), read }
    check(whole, params)
    const name = names.join(' and ')
    if (params.form === 'maps') {
      const figure = comparedMapsFigure(whole, params, version)
      const { parts } = figure.data
      const look = lookOf({ ...params, pooling: 'maximum' }, comparedMapsExtent(parts))
      return modelFigure({ name }, figure, comparedMapsLook(look, parts, params.score))
    }
    if (params.form === 'depth')
      return modelFigure({ name }, comparedDepthFigure(whole, params, version), plainLook)
    return modelFigure({ name }, comparedKindsFigure(whole, version)!, plainLook)
  }
})

/** @throws LamellaError `invalid-argument` where what is asked cannot be drawn of these two */
function check({ comparison }: FiguredComparison, params: ComparedParams): void {
  const { form, score, quantity, maps } = params
  const [a, b] = comparison.sides
  const known = a.atlas.scores.map(({ name }) => name)
  const refuse = (why: string): never => {
    throw new LamellaError('invalid-argument', why)
  }
  if (form !== 'kinds' && !known.includes(score))
    refuse(`${score}: heads have no such score; there are ${known.join(', ')}`)
  if (comparison.rule === null && (form === 'kinds' || quantity === 'above'))
    refuse(`${a.name} and ${b.name}: one has no baseline; only quantity=value can be drawn`)
  if (form === 'maps' && maps === 'difference' && comparison.heads === null)
    refuse(
      `${a.name} and ${b.name}: heads at the same place are compared only in models of one shape and vocabulary; leave out maps=difference`
    )
}

async function readSide(source: FigureSource): Promise<ReadSide> {
  const { run, tokens, over, analysis } = await readInWindows(source)
  const result = await analysis('head-statistics', { classes: {}, seed })
  return { model: source.model, run, tokens, over, result, atlas: headAtlas(result, null) }
}
