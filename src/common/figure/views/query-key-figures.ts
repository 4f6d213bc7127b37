import { precisionOf } from '../../analysis/result-precision.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { dataset, type Dataset } from '../../data/dataset.ts'
import { tokenText } from '../../text/token-text.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import type { FigureOrigin } from '../provenance.ts'
import { scoreRow, type ScoreRowData } from '../score-row.ts'
import { vectorProduct, type VectorProductData } from '../vector-product.ts'
import type { ViewFigure } from './figure-view.ts'
import { cellDimensions } from './query-key-data.ts'
import { runOrigin } from './origin.ts'

/** The weights of one query of a head, taken apart, and what they are of. */
export interface QueryRow {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source'>
  readonly layer: number
  readonly head: number
  readonly query: number
  readonly tokens: readonly WrittenToken[]
  /** What the analysis `query-key` gives. */
  readonly result: Dataset
}

/** The products of a query and one key, dimension by dimension. */
export function productsFigure(
  row: QueryRow,
  key: number,
  product: Omit<VectorProductData, 'title' | 'marked'>,
  version: string
): ViewFigure<VectorProductData> {
  return {
    ...named(row, key, 'products', version),
    kind: vectorProduct,
    data: { ...product, title: titleOf(row, key, 'products'), marked: null },
    dataset: () => cellDimensions(row.result, key)
  }
}

/** The scores and weights of all keys of a query, one of which is pointed out. */
export function scoresFigure(
  row: QueryRow,
  key: number,
  scores: Omit<ScoreRowData, 'title' | 'hovered'>,
  version: string
): ViewFigure<ScoreRowData> {
  return {
    ...named(row, key, 'scores', version),
    kind: scoreRow,
    data: { ...scores, title: titleOf(row, key, 'scores'), hovered: null },
    dataset: () => rowOfKeys(row)
  }
}

/** In its words. */
export function placeOf({ layer, head, query }: QueryRow, key: number): string {
  return `Head ${layer}.${head}, query ${query}, key ${key}`
}

function titleOf(row: QueryRow, key: number, what: string): string {
  return `${row.model.name} · ${placeOf(row, key)} · ${what}`
}

function named(row: QueryRow, key: number, what: string, version: string) {
  const of = runOrigin(row.model, row.run, placeOf(row, key))
  const from: FigureOrigin = { version, of, less: null, precision: precisionOf(row.result) }
  return { what: `${placeOf(row, key)} · ${what}`, from }
}

/** All that is known of each key, without the vectors; keys are labelled by their tokens. */
function rowOfKeys({ result, tokens }: QueryRow): Dataset {
  const key = { length: tokens.length, labels: tokens.map(tokenText) }
  const variables = Object.entries(result.variables).filter(([, { axes }]) =>
    axes.every(name => name === 'key')
  )
  return dataset({ key }, Object.fromEntries(variables), result.attributes)
}
