import { precisionOf } from '../../analysis/result-precision.ts'
import { axis, dataset, variable, type Dataset } from '../../data/dataset.ts'
import { tokenText } from '../../text/token-text.ts'
import { lessCaption } from '../captions.ts'
import { signedBars, type SignedBarsData } from '../signed-bars.ts'
import type { ViewFigure } from './figure-view.ts'
import { cellDimensions } from './query-key-data.ts'
import { placeOf, type QueryRow } from './query-key-figures.ts'
import { runOrigin } from './origin.ts'

/** So many keys, and dimensions, have a bar. */
const mostBars = 12

/** What of two rows is drawn, one less the other. */
export type RowDifference = 'weight' | 'product'

/** Which row is taken from which. */
export function rowsCaption(a: QueryRow, b: QueryRow): string {
  const [own, other] = [a, b].map(({ model, run, layer, head }) => ({
    ...{ model, run },
    name: `Head ${layer}.${head}`
  }))
  return lessCaption(own!, other!)
}

/** What one number of each key is in one row less another. */
function keysLess(a: QueryRow, b: QueryRow, name: 'weight' | 'score'): Float64Array {
  return numbersLess(a.result, b.result, name)
}

/**
 * The keys whose weights differ most, or the dimensions whose products do; null of dimensions of two heads or models, which are
 * not the same directions.
 */
export function barsLess(
  a: QueryRow,
  b: QueryRow,
  key: number,
  of: RowDifference
): SignedBarsData | null {
  const isOneHead =
    a.model.fingerprint === b.model.fingerprint && a.layer === b.layer && a.head === b.head
  if (of === 'product' && !isOneHead) return null
  const values =
    of === 'weight'
      ? keysLess(a, b, 'weight')
      : numbersLess(cellDimensions(a.result, key), cellDimensions(b.result, key), 'product')
  const label = (at: number) =>
    of === 'weight' ? `${at} ${tokenText(a.tokens[at]!)}` : `dimension ${at}`
  const bars = furthestPlaces(values, mostBars).map(at => ({
    ...{ label: label(at), value: values[at]! },
    ...{ spread: null, isSum: false }
  }))
  return { title: null, name: `difference of ${of}s`, bars }
}

/** The same as a figure; its numbers are those of all keys. */
export function barsLessFigure(
  a: QueryRow,
  b: QueryRow,
  key: number,
  of: RowDifference,
  version: string
): ViewFigure<SignedBarsData> | null {
  const data = barsLess(a, b, key, of)
  if (data === null) return null
  const caption = rowsCaption(a, b)
  return {
    what: `${caption} · query ${a.query} · ${data.name}`,
    kind: signedBars,
    data: { ...data, title: `${caption} · ${data.name}` },
    from: {
      version,
      of: runOrigin(a.model, a.run, placeOf(a, key)),
      less: runOrigin(b.model, b.run, placeOf(b, key)),
      precision: precisionOf(a.result, b.result)
    },
    dataset: () => rowsLess(a, b)
  }
}

/** What each key of a row has less what it has in another. */
function rowsLess(a: QueryRow, b: QueryRow): Dataset {
  const less = (name: 'weight' | 'score') => ({
    ...{ axes: ['key'], unit: '', about: `difference of ${name}s` },
    data: keysLess(a, b, name)
  })
  return dataset(
    { key: axis(a.tokens.map(token => tokenText(token))) },
    { weight: less('weight'), score: less('score') },
    { query: a.query, of: rowsCaption(a, b) }
  )
}

function numbersLess(a: Dataset, b: Dataset, name: string): Float64Array {
  const [own, other] = [a, b].map(result => variable(result, name).data)
  return Float64Array.from({ length: Math.min(own!.length, other!.length) }, (_, i) =>
    own![i] === other![i] ? 0 : own![i]! - other![i]!
  )
}

/** Where differences are furthest from zero, the furthest first; zeros and what is no number are left out. */
export function furthestPlaces(values: Float64Array, most: number): number[] {
  return [...values.keys()]
    .filter(i => Number.isFinite(values[i]) && values[i] !== 0)
    .toSorted((i, j) => Math.abs(values[j]!) - Math.abs(values[i]!) || i - j)
    .slice(0, most)
}
