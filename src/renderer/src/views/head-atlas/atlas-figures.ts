import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { HeadMapData } from '#common/figure/head-map.ts'
import type { HeadScatterData } from '#common/figure/head-scatter.ts'
import { rangeOf, rangeTo } from '#common/figure/heat-map-pixels.ts'
import type { Look } from '#common/figure/look.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** What a map of an atlas shows: a score, or how far it is above uniform attention. */
export function mapData(
  { layers, nHeads, heads }: HeadAtlas,
  { score, quantity }: Pick<AtlasOptions, 'score' | 'quantity'>
): HeadMapData {
  const { words, unit } = atlasScore(score)
  const name = unit === '' ? words : `${words}, ${unit}`
  const isAbove = quantity === 'above'
  return {
    title: null,
    name: isAbove ? `${name}, above uniform` : name,
    quantity: isAbove ? 'difference' : 'weight',
    layers,
    heads: nHeads,
    values: heads.map(({ scores }) => {
      const { value = NaN, baseline = NaN } = scores[score] ?? {}
      return isAbove ? value - baseline : value
    })
  }
}

/** A look with the range of a map's numbers; only shares of attention have a range of their own to be fixed. */
export function mapLook(
  look: Omit<Look, 'range'>,
  { values, quantity }: HeadMapData,
  isMass: boolean
): Look {
  const finite = values.filter(Number.isFinite)
  const follows = look.follows || !isMass
  const own = { low: Math.min(0, ...finite), high: Math.max(0, ...finite) }
  return { ...look, follows, range: follows ? rangeOf(own, quantity) : rangeTo(1, quantity) }
}

/** Heads by two of their scores; those that lack one are left out. */
export function scatterData(
  { heads }: HeadAtlas,
  nLayers: number,
  { x, y }: Pick<AtlasOptions, 'x' | 'y'>
): HeadScatterData {
  const axis = (score: string) => {
    const { words, unit } = atlasScore(score)
    const baselines = heads.map(({ scores }) => scores[score]?.baseline ?? NaN)
    return {
      name: unit === '' ? words : `${words}, ${unit}`,
      baselines: [...new Set(baselines.filter(Number.isFinite))]
    }
  }
  return {
    title: null,
    nLayers,
    x: axis(x),
    y: axis(y),
    points: heads
      .map(({ layer, head, scores }) => ({
        ...{ layer, head },
        x: scores[x]?.value ?? NaN,
        y: scores[y]?.value ?? NaN
      }))
      .filter(point => Number.isFinite(point.x) && Number.isFinite(point.y))
  }
}
