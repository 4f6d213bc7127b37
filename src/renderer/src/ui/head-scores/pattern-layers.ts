import type { ModelInfo } from '#common/contract/schemas.ts'
import { missingPattern } from '../../stores/model-facts.ts'

/** Which layers of a model have patterns to score. */
export interface PatternLayers {
  readonly without: readonly number[]
  readonly rest: readonly number[]
  /** Which an analysis is to score: the rest; null for all. */
  readonly scored: number[] | null
  /** Why the first of those without has none. */
  readonly why: string | null
}

export function patternLayers(model: ModelInfo | null): PatternLayers {
  const layers = [...Array(model?.config?.nLayers ?? 0).keys()]
  const without = layers.filter(layer => missingPattern(model!, layer) !== null)
  const rest = layers.filter(layer => !without.includes(layer))
  const [first] = without
  return {
    ...{ without, rest, scored: first === undefined ? null : rest },
    why: first === undefined ? null : missingPattern(model!, first)
  }
}
