import { dataset, type Dataset } from '#common/data/dataset.ts'
import type { FigureKind } from '#common/figure/figure-kind.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { scoreRow, type ScoreRowData } from '#common/figure/score-row.ts'
import { vectorProduct, type VectorProductData } from '#common/figure/vector-product.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { headName } from '../../stores/selection.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { cellDimensions } from './figure-data.ts'
import type { QueryRow } from './use-query-row.ts'

/** What of a row is on the screen. */
export interface ShownRow {
  readonly row: QueryRow
  readonly key: number
  readonly product: Omit<VectorProductData, 'title' | 'marked'>
  readonly scores: Omit<ScoreRowData, 'title' | 'hovered'>
  /** What its model is called among those that are open. */
  readonly modelName: string
}

/** The files that a row can be saved as: both figures, and the numbers of the cell's dimensions and of all keys. */
export function rowFormats(
  { row, key, product, scores, modelName }: ShownRow,
  look: Look,
  version: string
): ExportFormat[] {
  const { model, run, layer, head, query } = row
  const { input, edits, provider } = run.source
  const { name, fingerprint } = model
  const place = `${headName(layer, head)}, query ${query}, key ${key}`
  const of = { model: name, fingerprint, input, edits, provider, place }
  const from: Provenance = { version, of, less: null, precision: 'float32' }
  const onPaper = { ...look, ...paperLook }
  const figures = <D extends { title: string | null }>(
    kind: FigureKind<D>,
    data: D,
    what: string
  ) => figureFormats(kind, `${modelName} · ${place} · ${what}`, data, onPaper, { note: what, from })
  const numbers = (what: string, data: () => Dataset) =>
    dataFormats(`${modelName} · ${place} · ${what}`, data, from, what)
  const title = (what: string) => `${name} · ${place} · ${what}`
  return [
    ...figures(vectorProduct, { ...product, title: title('products'), marked: null }, 'products'),
    ...figures(scoreRow, { ...scores, title: title('scores'), hovered: null }, 'scores'),
    ...numbers('products', () => cellDimensions(row.result, key)),
    ...numbers('scores', () => rowOfKeys(row))
  ]
}

/** All that is known of each key, without the vectors; keys are labelled by their tokens. */
function rowOfKeys({ result, tokens }: QueryRow): Dataset {
  const key = { length: tokens.length, labels: tokens.map(tokenText) }
  const variables = Object.entries(result.variables).filter(([, { axes }]) =>
    axes.every(name => name === 'key')
  )
  return dataset({ key }, Object.fromEntries(variables), result.attributes)
}
