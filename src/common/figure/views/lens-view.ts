import { z } from 'zod'
import { lensParts } from '../../analysis/lens/lens.ts'
import { checkIndex } from '../../model/check-index.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import type { FigureOrigin } from '../provenance.ts'
import { gridColumns, tokenGrid } from '../token-grid.ts'
import { figureView, modelFigure } from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import {
  lensColors,
  lensExtent,
  lensGrid,
  lensLook,
  lensNumbers,
  lensPartWords,
  lensTitle
} from './lens-figure.ts'
import { LookParams, lookOf } from './look-params.ts'
import { runOrigin } from './origin.ts'

const Position = z.int().min(0)

const LensParams = LookParams.omit({ pooling: true }).extend({
  /** What is read: the residual stream, what attention adds to it, what the MLP adds. */
  part: z.enum(lensParts).default('resid'),
  /** The probability of the top token, that or the rank of a token, KL, or entropy. */
  by: z.enum(lensColors).default('probability'),
  /** Id of the token that `target` and `rank` are of; the next one of the text when left out. */
  token: Position.nullable().default(null),
  /** The columns that are drawn: from this position, and before that one. */
  first: Position.default(0),
  end: Position.nullable().default(null),
  /** Whether columns run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** What each layer would say, layer over layer. */
export const lensView = figureView({
  name: 'logit-lens',
  analyses: ['lens'],
  about: 'what each layer would say of each token, as a grid: part, by and token say what of it',
  of: 'text',
  params: LensParams,
  ranged: ['by'],
  toShow(_, { parts, tokens }) {
    const [part] = Array.isArray(parts) ? (parts as unknown[]) : []
    const [token] = Array.isArray(tokens) ? (tokens as unknown[]) : []
    return { part, token }
  },
  async make({ model, version, run: runOf, analysis }, params) {
    const { part, by: color, token: target, first, end, mirrored, ...look } = params
    const run = await runOf()
    const asked = {
      parts: [part],
      top: 10,
      tokens: target === null ? null : [target],
      norms: false
    }
    const result = await analysis('lens', asked)
    const dVocab = model.config?.dVocab ?? 2
    const lens = { part, color, target }
    const whole = lensGrid(result, writtenTokens(run), lens, dVocab)
    checkIndex('first', first, whole.tokens.length)
    if (end !== null) checkIndex('end', end - 1, whole.tokens.length)
    const columns = { first, end: end ?? whole.tokens.length }
    const place = `Logit lens of the ${lensPartWords[part]}`
    const of = runOrigin(model, run, place)
    const from: FigureOrigin = { version, of, less: null, precision: 'float32' }
    const data = {
      ...gridColumns(whole, columns.first, columns.end),
      title: lensTitle(model, part, whole, columns),
      scrolled: null,
      marked: [],
      mirrored: isMirrored(run, mirrored)
    }
    const own = lookOf({ ...look, pooling: 'maximum' }, lensExtent(whole))
    const dataset = () => lensNumbers(result, lens)
    const figure = { what: 'logit lens', kind: tokenGrid, data, from, dataset }
    return modelFigure(model, figure, lensLook(own, color, dVocab))
  }
})
