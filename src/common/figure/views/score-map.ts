import { atlasScore } from '../../analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import type { HeadMapData } from '../head-map.ts'
import { rangeOf, rangeTo } from '../heat-map-pixels.ts'
import type { Look } from '../look.ts'
import type { ValueRange } from '../value-scale.ts'

/** The number itself, or how far it is above uniform attention. */
export const scoreQuantities = ['value', 'above'] as const
export type ScoreQuantity = (typeof scoreQuantities)[number]

/** What the numbers of a score are. */
export function quantityName(score: string, quantity: ScoreQuantity): string {
  const { words, unit } = atlasScore(score)
  const name = unit === '' ? words : `${words}, ${unit}`
  return quantity === 'above' ? `${name}, above uniform` : name
}

/** What a map of an atlas shows: a score, or how far it is above uniform attention. */
export function mapData(
  { layers, nHeads, heads, isDifference }: HeadAtlas,
  { score, quantity }: { readonly score: string; readonly quantity: ScoreQuantity }
): HeadMapData {
  const isAbove = quantity === 'above'
  return {
    title: null,
    name: `${isDifference ? 'difference of ' : ''}${quantityName(score, quantity)}`,
    quantity: isAbove || isDifference ? 'difference' : 'weight',
    layers,
    heads: nHeads,
    values: heads.map(({ scores }) => {
      const { value = NaN, baseline = NaN } = scores[score] ?? {}
      return isAbove ? value - baseline : value
    })
  }
}

/** What the numbers of a map span, zero among them. */
export function mapExtent({ values }: HeadMapData): ValueRange {
  const finite = values.filter(Number.isFinite)
  return { low: Math.min(0, ...finite), high: Math.max(0, ...finite) }
}

/**
 * The look of a map of numbers; only shares of attention have a range of their own to be fixed.
 * @param look whose range is what they span, or those of several maps together
 */
export function mapLook(look: Look, quantity: HeadMapData['quantity'], isMass: boolean): Look {
  const follows = look.follows || !isMass
  const range = follows ? rangeOf(look.range, quantity) : rangeTo(1, quantity)
  return { ...look, follows, range }
}
