import { variable, type Dataset } from '../../data/dataset.ts'
import { largestMagnitude } from '../../data/largest-magnitude.ts'
import type { WeightMapData } from '../weight-map.ts'
import { firstBeyond, matrixShape, type PositionMap } from './position-forms.ts'

/**
 * What each position adds, how alike two positions are, or what is added to scores by head and bucket of distances.
 * @param trained tokens of the longest text of training, where that is said by hand
 */
export function positionMap(
  result: Dataset,
  form: PositionMap,
  trained: number | null
): WeightMapData {
  if (form === 'table') return relativeMap(result)
  const { rows, width } = matrixShape(result)!
  const beyond = firstBeyond(result, trained)
  const name = 'beyond the training length'
  if (form === 'matrix')
    return {
      ...{ title: null, name: 'what a position adds' },
      names: { rows: 'position', columns: 'dimension' },
      rows: { from: 0, to: rows, each: 1 },
      columns: { from: 0, to: width, each: 1 },
      values: Float32Array.from(variable(result, 'matrix').data),
      ...(beyond !== null && { flagged: { name, rows: beyond } })
    }
  const shown = result.axes['shown']!.length
  const side = { from: 0, to: rows, each: Math.ceil(rows / shown) }
  return {
    ...{ title: null, name: 'cosine of two positions', rows: side, columns: side },
    names: { rows: 'position', columns: 'position' },
    values: Float32Array.from(variable(result, 'cosine').data),
    ...(beyond !== null && { flagged: { name, rows: beyond, columns: beyond } })
  }
}

/** Heads down and buckets across, those of the furthest keys before the query first. */
function relativeMap(result: Dataset): WeightMapData {
  const names = result.axes['bucket']!.labels!
  const heads = result.axes['head']!.length
  const { data } = variable(result, 'relative_table')
  const nearest = (bucket: number) => parseInt(names[bucket]!.replace('−', '-'))
  // The one that would be of distance 0 after the query is never used.
  const order = [...names.keys()]
    .filter(bucket => !Number.isNaN(nearest(bucket)))
    .sort((a, b) => nearest(a) - nearest(b))
  return {
    ...{ title: null, name: 'added to the score' },
    names: { rows: 'head', columns: 'tokens behind the query' },
    rows: { from: 0, to: heads, each: 1 },
    columns: { from: 0, to: order.length, each: 1 },
    labels: { columns: order.map(bucket => names[bucket]!) },
    values: Float32Array.from(
      Array.from({ length: heads }, (_, head) =>
        order.map(bucket => data[bucket * heads + head]!)
      ).flat()
    )
  }
}

/** How far from zero the colours of a map go: to what is furthest from it, of cosines to 1. */
export function positionReach(result: Dataset, form: PositionMap): number {
  if (form === 'similarity') return 1
  const { data } = variable(result, form === 'matrix' ? 'matrix' : 'relative_table')
  return largestMagnitude(data) || 1
}
