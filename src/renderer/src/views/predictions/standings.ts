import { variable, type Dataset } from '#common/data/dataset.ts'
import { rankShade } from '#common/figure/rank-scale.ts'
import { rangeTo } from '#common/figure/heat-map-pixels.ts'
import type { Look } from '#common/figure/look.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import type { Shade } from './predictions-options.ts'

/** How the tokens of a text are shaded. */
export interface Shading {
  /** What is told of each token; NaN where nothing is. [pos] */
  readonly values: Float64Array
  /** What its colour is reckoned from: the same, of ranks their place. */
  readonly weights: Float32Array
  readonly unit: string
  /** Values are ranks among so many; null of all else. */
  readonly ranks: number | null
  readonly extent: ValueRange
}

export const shadeUnits: Readonly<Record<Shade, string>> = {
  surprisal: 'surprisal, nats',
  entropy: 'entropy, nats',
  rank: 'rank',
  probability: 'probability'
}

/**
 * @param result of `token-probabilities`
 * @param dVocab how many tokens there are to choose from
 */
export function shadingOf(result: Dataset, shade: Shade, dVocab: number): Shading {
  const values = Float64Array.from(variable(result, shade).data)
  const ranks = shade === 'rank' ? Math.max(2, dVocab) : null
  // The first rank is no surprise: it has the colour of the page.
  const weights = Float32Array.from(values, value =>
    ranks === null ? value : 1 - rankShade(value, ranks)
  )
  const high = values.reduce((most, value) => (value > most ? value : most), 0)
  return { values, weights, unit: shadeUnits[shade], ranks, extent: { low: 0, high } }
}

/**
 * The look of a shading.
 * @param extent of the values, or of those of two that are compared
 */
export function shadingLook(
  look: Omit<Look, 'range'>,
  shade: Shade,
  extent: ValueRange,
  dVocab: number
): Look {
  if (shade === 'rank') return { ...look, scale: 'linear', range: rangeTo(1, 'weight') }
  const whole = { surprisal: null, entropy: Math.log(dVocab), probability: 1 }[shade]
  const high = (look.follows ? null : whole) ?? (extent.high > 0 ? extent.high : 1)
  return {
    ...look,
    scale: shade === 'probability' ? look.scale : 'linear',
    range: rangeTo(high, 'weight')
  }
}

/** Mean surprisal over the tokens that are predicted, and the perplexity that it is; null where none is. */
export function meanSurprisal(
  surprisals: ArrayLike<number>
): { readonly mean: number; readonly perplexity: number; readonly count: number } | null {
  const told = Array.from(surprisals).filter(value => !Number.isNaN(value))
  if (told.length === 0) return null
  const mean = told.reduce((sum, value) => sum + value, 0) / told.length
  return { mean, perplexity: Math.exp(mean), count: told.length }
}
