import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { ScoreRowData } from '#common/figure/score-row.ts'
import type { VectorProductData } from '#common/figure/vector-product.ts'
import type { CommandParams } from '#common/figure/provenance.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import type { Order } from '#common/figure/views/query-key-data.ts'
import { productsFigure, scoresFigure } from '#common/figure/views/query-key-figures.ts'
import { boundsOf } from '#common/figure/views/look-params.ts'
import { barsLessFigure, type RowDifference } from '#common/figure/views/query-key-less.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownQueryRow } from './use-query-row.ts'

/** What of a row is on the screen. */
export interface ShownRow {
  readonly row: ShownQueryRow
  readonly key: number
  readonly order: Order
  readonly product: Omit<VectorProductData, 'title' | 'marked'>
  readonly scores: Omit<ScoreRowData, 'title' | 'hovered'>
  /** What its model is called among those that are open. */
  readonly modelName: string
}

/** The files that a row can be saved as: both figures, and the numbers of the cell's dimensions and of all keys. */
export function rowFormats(
  { row, key, order, product, scores, modelName }: ShownRow,
  look: Look,
  version: string
): ExportFormat[] {
  const { layer, head, query } = row
  const onPaper = { ...look, ...paperLook }
  const formats = <D extends { readonly title: string | null }>(
    { what, kind, data, from, dataset }: ViewFigure<D>,
    note: string,
    own: CommandParams
  ): [ExportFormat[], ExportFormat[]] => {
    const file = `${modelName} · ${what}`
    const again = { view: note, params: { layer, head, query, key, ...own } }
    const told = { ...from, again }
    return [
      figureFormats(kind, file, data, onPaper, { note, from: told, dataset }),
      dataFormats(file, dataset, told, note)
    ]
  }
  const [products, ofDimensions] = formats(productsFigure(row, key, product, version), 'products', {
    ...(order !== 'dimension' && { order }),
    ...(product.spans && rowBounds(product.spans))
  })
  const [scored, ofKeys] = formats(scoresFigure(row, key, scores, version), 'scores', {
    ...(scores.mirrored && { mirrored: true }),
    // Beside another it has room for what that spans.
    ...(scores.span && { range: scores.span })
  })
  return [...products, ...scored, ...ofDimensions, ...ofKeys]
}

/** What rows have room for beside those of another. */
function rowBounds({ q, k, products, sums }: NonNullable<VectorProductData['spans']>) {
  const range = {
    q: boundsOf(q),
    k: boundsOf(k),
    products: boundsOf(products),
    sums: boundsOf(sums)
  }
  return { range }
}

/** The files that a row less another can be saved as: where weights and products differ most, and the numbers of all keys. */
export function rowDifferenceFormats(
  {
    a,
    b,
    key,
    modelName
  }: Pick<ShownRow, 'key' | 'modelName'> & {
    readonly a: ShownQueryRow
    readonly b: ShownQueryRow
  },
  look: Look,
  version: string
): ExportFormat[] {
  const onPaper = { ...look, ...paperLook }
  const formats = (of: RowDifference, view: string): [ExportFormat[], ExportFormat[]] => {
    const figure = barsLessFigure(a, b, key, of, version)
    if (figure === null) return [[], []]
    const command = ({ layer, head, query }: ShownQueryRow) => ({
      view,
      params: { layer, head, query, key }
    })
    const from = { ...figure.from, again: againLess(command(a), command(b), figure.from) }
    const { kind, data, dataset, what } = figure
    const file = namedOf(modelName, what)
    return [
      figureFormats(kind, file, data, onPaper, { from, note: data.name, dataset }),
      dataFormats(file, dataset, from)
    ]
  }
  const [weights, numbers] = formats('weight', 'scores')
  const [products] = formats('product', 'products')
  return [...weights, ...products, ...numbers]
}
