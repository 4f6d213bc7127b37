import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { HeadMapData } from '#common/figure/head-map.ts'
import { rangeOf, rangeTo } from '#common/figure/heat-map-pixels.ts'
import type { Look } from '#common/figure/look.ts'

/** The number itself, or how far it is above uniform attention. */
export type ScoreQuantity = 'value' | 'above'

/** What the numbers of a score are. */
export function quantityName(score: string, quantity: ScoreQuantity): string {
  const { words, unit } = atlasScore(score)
  const name = unit === '' ? words : `${words}, ${unit}`
  return quantity === 'above' ? `${name}, above uniform` : name
}

/** What a map of an atlas shows: a score, or how far it is above uniform attention. */
export function mapData(
  { layers, nHeads, heads }: HeadAtlas,
  { score, quantity }: { readonly score: string; readonly quantity: ScoreQuantity }
): HeadMapData {
  const isAbove = quantity === 'above'
  return {
    title: null,
    name: quantityName(score, quantity),
    quantity: isAbove ? 'difference' : 'weight',
    layers,
    heads: nHeads,
    values: heads.map(({ scores }) => {
      const { value = NaN, baseline = NaN } = scores[score] ?? {}
      return isAbove ? value - baseline : value
    })
  }
}

/**
 * A look with the range of the numbers of maps, the same for all of them; only shares of attention have a range of their own to be
 * fixed.
 */
export function mapLook(
  look: Omit<Look, 'range'>,
  maps: readonly HeadMapData[],
  isMass: boolean
): Look {
  const finite = maps.flatMap(({ values }) => values.filter(Number.isFinite))
  const quantity = maps[0]?.quantity ?? 'weight'
  const follows = look.follows || !isMass
  const own = { low: Math.min(0, ...finite), high: Math.max(0, ...finite) }
  const range = follows ? rangeOf(own, quantity) : rangeTo(1, quantity)
  return { ...look, follows, range, shared: maps.length > 1 }
}
