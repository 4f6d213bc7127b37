import type { ModelInfo } from '#common/contract/schemas.ts'
import { missingPattern } from '../../stores/model-facts.ts'

/** Which layers of a model have patterns to score. */
export interface PatternLayers {
  readonly without: readonly number[]
  readonly rest: readonly number[]
  /** Why the first of those without has none. */
  readonly why: string | null
}

export function patternLayers(model: ModelInfo | null): PatternLayers {
  const layers = [...Array(model?.config?.nLayers ?? 0).keys()]
  const without = layers.filter(layer => missingPattern(model!, layer) !== null)
  const rest = layers.filter(layer => !without.includes(layer))
  return { without, rest, why: without.length === 0 ? null : missingPattern(model!, without[0]!) }
}
