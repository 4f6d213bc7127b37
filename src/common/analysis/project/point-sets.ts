import { z } from 'zod'
import type { WeightRole } from '../../model/weight-view.ts'
import type { ModelFacts, WantedWeight } from '../analysis.ts'
import { wantedEmbedding } from '../embeddings/embedding-matrix.ts'
import { layersOf, widthsOf } from '../model-widths.ts'

/** What can be shown as points: of weights, or of texts. */
export const PointSet = z.enum([
  'input',
  'output',
  'positions',
  'W_in',
  'W_out',
  'W_Q',
  'W_K',
  'W_V',
  'W_O',
  'tokens',
  'sentences'
])
export type PointSet = z.infer<typeof PointSet>

/** Whether it is of texts, not of weights. */
export function isOfTexts(set: PointSet): set is 'tokens' | 'sentences' {
  return set === 'tokens' || set === 'sentences'
}

/** Points that come of weights. */
export interface WeightPoints {
  /** In the order of their points. */
  readonly weights: readonly WantedWeight[]
  /** Whether each weight is one point, all its numbers one after the other. */
  readonly each: 'row' | 'whole'
  /** What a point is called where no token tells. */
  label(weight: WantedWeight, row: number): string
}

/** @param layers of neurons and heads; null for all */
export function weightPoints(
  set: Exclude<PointSet, 'tokens' | 'sentences'>,
  layers: readonly number[] | null,
  model: ModelFacts
): WeightPoints {
  if (set === 'input' || set === 'output')
    return {
      weights: [wantedEmbedding(set, model)],
      each: 'row',
      label: (_, row) => `#${row}`
    }
  if (set === 'positions')
    return {
      weights: [{ role: 'W_pos', layer: null, head: null }],
      each: 'row',
      label: (_, row) => String(row)
    }
  const asked = layersOf(model, layers)
  if (set === 'W_in' || set === 'W_out')
    return {
      weights: asked.map(layer => ({ role: set, layer, head: null, transposed: set === 'W_in' })),
      each: 'row',
      label: ({ layer }, row) => `L${layer}.${row}`
    }
  const { nHeads, nKeyValueHeads } = widthsOf(model)
  const heads = set === 'W_Q' || set === 'W_O' ? nHeads : nKeyValueHeads
  const role: WeightRole = set
  return {
    weights: asked.flatMap(layer =>
      Array.from({ length: heads }, (_, head) => ({ role, layer, head }))
    ),
    each: 'whole',
    label: ({ layer, head }) => `L${layer}.H${head}`
  }
}
