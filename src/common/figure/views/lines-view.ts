import { z } from 'zod'
import { firstTokens } from '../../analysis/first-token.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { variable } from '../../data/dataset.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import type { Visibility } from '../../model/visibility.ts'
import { writtenTokens, type WrittenToken } from '../../text/written-tokens.ts'
import { drawnLines, type LinesOf } from '../drawn-lines.ts'
import { extent, rangeOf, rangeTo, spanning, type Quantity } from '../heat-map-pixels.ts'
import { checkSubtracts, patternDifference, whyNoDifference } from './comparison.ts'
import {
  figureView,
  modelFigure,
  madeOfRead,
  type FigureSource,
  type MadeFigure
} from './figure-view.ts'
import { isMirrored } from './flowing-run.ts'
import { linesFigure, linesNote, linesTaken, mostLines } from './lines-figure.ts'
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

type LinesParams = z.output<typeof LinesParams>

const ofRead = madeOfRead(read, made)

/** The weights of some heads of a block as lines from query to key. */
export const linesView = figureView({
  name: 'lines',
  analyses: ['patterns'],
  about: 'the weights of heads of a block as lines between tokens: layer and heads say which',
  of: 'text',
  params: LinesParams,
  ranged: [],
  make: ofRead.make,
  less: { ofSecond: ['layer', 'heads', 'first_token'], make: ofRead.less }
})

/** Patterns of some heads of a block. */
interface ReadHeads {
  readonly model: ModelInfo
  readonly run: Run
  readonly tokens: readonly WrittenToken[]
  readonly layer: number
  readonly heads: readonly number[]
  readonly firstHidden: boolean
  readonly visibility: Visibility | null
  readonly patterns: readonly Float32Array[]
}

async function read(
  { model, run: runOf, analysis }: FigureSource,
  { layer, heads, first_token }: LinesParams
): Promise<ReadHeads> {
  checkIndex('layer', layer, model.config?.nLayers ?? 0)
  for (const head of heads) checkIndex('head', head, model.config?.nHeads ?? 0)
  const run = await runOf()
  const results = await Promise.all(
    heads.map(head => analysis('patterns', { layer, head, first_token, exact: false }))
  )
  return {
    ...{ model, run, layer, heads, tokens: writtenTokens(run) },
    firstHidden: first_token === 'hidden',
    visibility: model.visibility?.[layer] ?? null,
    patterns: results.map(result => Float32Array.from(variable(result, 'pattern').data))
  }
}

/** The lines of some heads, or of what is left of each once its other is taken from it. */
function made(
  { model, version }: FigureSource,
  { least, query, key, first, rows, mirrored, ...look }: LinesParams,
  own: ReadHeads,
  other: ReadHeads | null
): MadeFigure {
  const { run, tokens, layer, heads, firstHidden } = own
  const size = tokens.length
  if (query !== null) checkIndex('query', query, size)
  if (key !== null) checkIndex('key', key, size)
  checkIndex('first', Math.floor(first), size)
  const part = { first, rows: rows ?? size - first }
  // Rows of a window are seldom whole.
  if (first + part.rows > size + 1e-6)
    throw new LamellaError(
      'invalid-argument',
      `rows: there are ${size - first} from row ${first} on, and ${part.rows} are asked for`
    )
  const quantity: Quantity = other === null ? 'weight' : 'difference'
  const shown = other === null ? own.patterns.map(data => ownPattern(own, data)) : less(own, other)
  const of: LinesOf =
    query !== null
      ? { side: 'query', position: query }
      : key !== null
        ? { side: 'key', position: key }
        : { from: first, to: first + part.rows }
  const patterns = shown.map(({ data }) => data)
  const drawn = drawnLines(patterns, size, shown[0]!.visibility, of, least, mostLines)
  const data = {
    ...{ tokens, ...part, lines: drawn.lines },
    heads: heads.map(head => ({ name: `Head ${layer}.${head}`, color: head })),
    quantity,
    note: linesNote(drawn, firstHidden, quantity, String(least)),
    mirrored: isMirrored(run, mirrored)
  }
  const whole = { model, run, layer, heads, firstHidden }
  const taken = other && { less: linesTaken(whole, other) }
  const span = spanning(shown.map(({ extent }) => extent))
  return modelFigure(
    model,
    linesFigure({ ...whole, ...taken }, data, String(least), version),
    lookOf(
      { ...look, colors: 'greys', pooling: 'maximum' },
      rangeOf(span, quantity),
      rangeTo(1, quantity)
    )
  )
}

function ownPattern(
  { tokens: { length }, visibility, firstHidden }: ReadHeads,
  data: Float32Array
) {
  return { data, visibility, extent: extent(data, length, length, visibility, firstHidden) }
}

/** Each less the one at its place. */
function less(own: ReadHeads, other: ReadHeads) {
  checkSubtracts(whyNoDifference(own.run, other.run))
  if (own.heads.length !== other.heads.length)
    throw new LamellaError(
      'invalid-argument',
      `heads: ${own.heads.length} less ${other.heads.length}, where each is taken from one`
    )
  return own.patterns.map((data, i) =>
    patternDifference({ ...own, data }, { ...other, data: other.patterns[i]! })
  )
}
