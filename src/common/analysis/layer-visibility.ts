import type { Visibility } from '../model/visibility.ts'
import type { ModelFacts } from './analysis.ts'

/**
 * Which keys the queries of a layer see: as the model's declaration says it, or by what a graph of its own is known
 * to predict. Null where neither tells.
 */
export function layerVisibility(
  { visibility, predicts }: Pick<ModelFacts, 'visibility' | 'predicts'>,
  layer: number
): Visibility | null {
  const own = visibility?.[layer]
  if (own !== undefined) return own
  if (predicts !== 'next' && predicts !== 'masked') return null
  return { causal: predicts === 'next', reach: null }
}
