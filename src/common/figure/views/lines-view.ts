import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { drawnLines, type LinesOf } from '../drawn-lines.ts'
import { extent, rangeTo, spanning } from '../heat-map-pixels.ts'
import { figureView, madeFigure } from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
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
  /** The rows that are drawn: from this one, to a part of a row, and so many; all when left out. */
  first: z.number().min(0).default(0),
  rows: z.number().min(1).nullable().default(null),
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
    const { layer, heads, least, query, key, first, rows, first_token, mirrored, ...look } = params
    checkIndex('layer', layer, model.config?.nLayers ?? 0)
    for (const head of heads) checkIndex('head', head, model.config?.nHeads ?? 0)
    const run = await runOf()
    const size = run.tokens.length
    if (query !== null) checkIndex('query', query, size)
    if (key !== null) checkIndex('key', key, size)
    checkIndex('first', Math.floor(first), size)
    const shown = { first, rows: rows ?? size - first }
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
          : { from: first, to: first + shown.rows }
    const drawn = drawnLines(patterns, size, visibility, of, least, mostLines)
    const data = {
      ...{ tokens: writtenTokens(run), ...shown, lines: drawn.lines },
      heads: heads.map(head => ({ name: `Head ${layer}.${head}`, color: head })),
      quantity: 'weight' as const,
      note: linesNote(drawn, firstHidden, 'weight', String(least)),
      mirrored: isMirrored(run, mirrored)
    }
    const whole = { model, run, layer, heads, firstHidden }
    const { high } = spanning(
      patterns.map(pattern => extent(pattern, size, size, visibility, firstHidden))
    )
    return madeFigure(
      model,
      linesFigure(whole, data, String(least), version),
      lookOf(
        { ...look, colors: 'greys', pooling: 'maximum' },
        rangeTo(high || 1, 'weight'),
        rangeTo(1, 'weight')
      )
    )
  }
})
