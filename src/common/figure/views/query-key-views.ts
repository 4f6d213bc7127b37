import { z } from 'zod'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { checkIndex } from '../../model/check-index.ts'
import { LamellaError } from '../../model/errors.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { checkSubtracts, whyNoDifference } from './comparison.ts'
import {
  figureView,
  modelFigure,
  type FigureSide,
  type FigureSource,
  type MadeFigure
} from './figure-view.ts'
import { Bounds, boundsOf, plainLook, rangeOfBounds } from './look-params.ts'
import { figureExtents, orders, productData, scoresData, strongestKey } from './query-key-data.ts'
import { productsFigure, scoresFigure, type QueryRow } from './query-key-figures.ts'
import { barsLessFigure, type RowDifference } from './query-key-less.ts'

const Position = z.int().min(0)
const CellParams = z.strictObject({
  layer: Position,
  head: Position,
  /** The last position where it is left out. */
  query: Position.nullable().default(null),
  /** The one that it attends to most where it is left out. */
  key: Position.nullable().default(null)
})
const ProductsParams = CellParams.extend({
  order: z.enum(orders).default('dimension'),
  /** What each row has at least room for; for its own values where it is left out. */
  range: z
    .strictObject({ q: Bounds, k: Bounds, products: Bounds, sums: Bounds })
    .nullable()
    .default(null)
})
const ScoresParams = CellParams.extend({
  /** Whether keys run from right to left; by the letters of the text where it is null. */
  mirrored: z.boolean().nullable().default(null),
  /** How far below the logsumexp there is at least room for scores, and up to which for weights. */
  range: z
    .strictObject({ depth: z.number().min(0), weight: z.number().min(0) })
    .nullable()
    .default(null)
})

/** The products that a score is the sum of. */
export const productsView = figureView({
  name: 'products',
  analyses: ['query-key'],
  about: 'the products of a query and a key, dimension by dimension, and their sum',
  of: 'text',
  params: ProductsParams,
  ranged: [],
  async make(source, { order, range, ...cell }) {
    const { row, key } = await rowOf(source, cell)
    const product = {
      ...productData(row.result, key, order),
      ...(range && {
        spans: {
          ...{ q: rangeOfBounds(range.q), k: rangeOfBounds(range.k) },
          ...{ products: rangeOfBounds(range.products), sums: rangeOfBounds(range.sums) }
        }
      })
    }
    const { q, k, products, sums } = figureExtents(product, scoresData(row))
    const spans = {
      q: boundsOf(q),
      k: boundsOf(k),
      products: boundsOf(products),
      sums: boundsOf(sums)
    }
    const figure = productsFigure(row, key, product, source.version)
    return { ...modelFigure(row.model, figure, plainLook), spans }
  },
  // Dimensions of two heads are not the same directions.
  less: { ofSecond: [], make: (own, other) => rowLess('product', own, other) }
})

/** The scores of a query, and the weights that a softmax makes of them. */
export const scoresView = figureView({
  name: 'scores',
  analyses: ['query-key'],
  about: 'the scores of a query for every key, and the weights that a softmax makes of them',
  of: 'text',
  params: ScoresParams,
  ranged: [],
  async make(source, { mirrored, range, ...cell }) {
    const { row, key } = await rowOf(source, cell)
    const { input } = row.run.source
    const own = mirrored ?? ('text' in input && readsRightToLeft(input.text))
    const scores = {
      ...scoresData(row),
      ...(range && { span: range }),
      ...{ mirrored: own, selected: key }
    }
    const { depth, weight } = figureExtents(productData(row.result, key, 'dimension'), scores)
    const spans = { depth: depth.high, weight: weight.high }
    const figure = scoresFigure(row, key, scores, source.version)
    return { ...modelFigure(row.model, figure, plainLook), spans }
  },
  less: { ofSecond: ['layer', 'head'], make: (own, other) => rowLess('weight', own, other) }
})

/** What differs most of two weights, at the cell of the first in both. */
async function rowLess(
  of: RowDifference,
  { source, params }: FigureSide<z.output<typeof CellParams>>,
  other: FigureSide<z.output<typeof CellParams>>
): Promise<MadeFigure> {
  const { row, key } = await rowOf(source, params)
  const less = await rowOf(other.source, { ...other.params, query: row.query, key })
  checkSubtracts(whyNoDifference(row.run, less.row.run))
  const figure = barsLessFigure(row, less.row, key, of, source.version)
  if (figure !== null) return modelFigure(row.model, figure, plainLook)
  throw new LamellaError(
    'invalid-argument',
    'products: dimensions of two heads are not the same directions'
  )
}

async function rowOf(
  { model, run: runOf, analysis }: FigureSource,
  { layer, head, query: asked, key: askedKey }: z.output<typeof CellParams>
): Promise<{
  readonly row: QueryRow & { readonly model: ModelInfo; readonly run: Run }
  readonly key: number
}> {
  checkIndex('layer', layer, model.config?.nLayers ?? 0)
  checkIndex('head', head, model.config?.nHeads ?? 0)
  const run = await runOf()
  const query = asked ?? run.tokens.length - 1
  checkIndex('query', query, run.tokens.length)
  if (askedKey !== null) checkIndex('key', askedKey, run.tokens.length)
  const result = await analysis('query-key', { layer, head, query })
  const row = { model, run, layer, head, query, tokens: writtenTokens(run), result }
  return { row, key: askedKey ?? strongestKey(row) }
}
