import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { drawnLines, type LinesOf } from '../drawn-lines.ts'
import { extent, rangeTo, spanning } from '../heat-map-pixels.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { linesFigure, linesNote, mostLines } from './lines-figure.ts'
import { LookParams, lookOf } from './look-params.ts'

const Position = z.int().min(0)

const LinesParams = LookParams.pick({ scale: true, range: true }).extend({
  layer: Position,
  heads: z.array(Position).min(1),
  /** The least weight that has a line. */
  least: z.number().min(0).max(1).default(0.05),
  /** Whose lines are drawn alone: of a query, else of a key, else of all. */
  query: Position.nullable().default(null),
  key: Position.nullable().default(null),
  first_token: z.enum(firstTokens).default('shown'),
  /** Whether queries stand at the right; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null)
})

/** The weights of some heads of a block as lines from query to key. */
export const linesView = figureView({
  name: 'lines',
  analyses: ['patterns'],
  about: 'the weights of heads of a block as lines between tokens: layer and heads say which',
  of: 'text',
  params: LinesParams,
  async make({ model, version, run: runOf, analysis }, params) {
    const { layer, heads, least, query, key, first_token, mirrored, ...look } = params
    checkIndex('layer', layer, model.config?.nLayers ?? 0)
    for (const head of heads) checkIndex('head', head, model.config?.nHeads ?? 0)
    const run = await runOf()
    const size = run.tokens.length
    if (query !== null) checkIndex('query', query, size)
    if (key !== null) checkIndex('key', key, size)
    const results = await Promise.all(
      heads.map(head => analysis('patterns', { layer, head, first_token, exact: false }))
    )
    const patterns = results.map(result => Float32Array.from(variable(result, 'pattern').data))
    const visibility = model.visibility?.[layer] ?? null
    const firstHidden = first_token === 'hidden'
    const of: LinesOf =
      query !== null
        ? { side: 'query', position: query }
        : key !== null
          ? { side: 'key', position: key }
          : { from: 0, to: size }
    const drawn = drawnLines(patterns, size, visibility, of, least, mostLines)
    const { input } = run.source
    const data = {
      ...{ tokens: writtenTokens(run), first: 0, rows: size, lines: drawn.lines },
      heads: heads.map(head => ({ name: `Head ${layer}.${head}`, color: head })),
      quantity: 'weight' as const,
      note: linesNote(drawn, firstHidden, 'weight', String(least)),
      mirrored: mirrored ?? ('text' in input && readsRightToLeft(input.text))
    }
    const whole = { model, run, layer, heads, firstHidden }
    const { high } = spanning(
      patterns.map(pattern => extent(pattern, size, size, visibility, firstHidden))
    )
    const range = rangeTo(look.range === 'automatic' ? high || 1 : 1, 'weight')
    return madeFigure(
      model,
      linesFigure(whole, data, String(least), version),
      lookOf({ ...look, colors: 'greys', pooling: 'maximum' }, range)
    )
  }
})
