import { variable, type Dataset } from '../../data/dataset.ts'
import type { WeightMapData } from '../weight-map.ts'
import { matrixShape, type PositionMap } from './position-forms.ts'

/** What each position adds, or how alike two positions are. */
export function positionMap(result: Dataset, form: PositionMap): WeightMapData {
  const { rows, width } = matrixShape(result)!
  if (form === 'matrix')
    return {
      title: null,
      name: 'what a position adds',
      names: { rows: 'position', columns: 'dimension' },
      rows: { from: 0, to: rows, each: 1 },
      columns: { from: 0, to: width, each: 1 },
      values: Float32Array.from(variable(result, 'matrix').data)
    }
  const shown = result.axes['shown']!.length
  const side = { from: 0, to: rows, each: Math.ceil(rows / shown) }
  return {
    ...{ title: null, name: 'cosine of two positions', rows: side, columns: side },
    names: { rows: 'position', columns: 'position' },
    values: Float32Array.from(variable(result, 'cosine').data)
  }
}

/** How far from zero the colours of a map go: to what is furthest from it, of cosines to 1. */
export function positionReach(result: Dataset, form: PositionMap): number {
  if (form === 'similarity') return 1
  let most = 0
  for (const value of variable(result, 'matrix').data) most = Math.max(most, Math.abs(value))
  return most || 1
}
