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
  'token-layers',
  'sentences'
])
export type PointSet = z.infer<typeof PointSet>

type TextSet = 'tokens' | 'token-layers' | 'sentences'

/** Whether it is of texts, not of weights. */
export function isOfTexts(set: PointSet): set is TextSet {
  return isOfTokens(set) || set === 'sentences'
}

/** Whether it is of a text's tokens, at a layer or at each. */
export function isOfTokens(set: PointSet): set is 'tokens' | 'token-layers' {
  return set === 'tokens' || set === 'token-layers'
}

/** Whether points stand in an order that a line through them shows. */
export function isCurve(set: PointSet): boolean {
  return set === 'positions'
}

/** What the ids of tokens are called that points are of; null where they are of none. */
export function tokenIdsOf(set: unknown): 'index' | 'token' | null {
  if (set === 'input' || set === 'output') return 'index'
  return set === 'tokens' || set === 'token-layers' ? 'token' : null
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
  set: Exclude<PointSet, TextSet>,
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
