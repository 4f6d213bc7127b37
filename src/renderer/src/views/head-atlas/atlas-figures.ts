import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { HeadScatterData } from '#common/figure/head-scatter.ts'
import type { AtlasOptions } from './atlas-options.ts'

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
    distances: null,
    points: heads
      .map(({ layer, head, scores }) => ({
        ...{ layer, head, group: null },
        x: scores[x]?.value ?? NaN,
        y: scores[y]?.value ?? NaN
      }))
      .filter(point => Number.isFinite(point.x) && Number.isFinite(point.y))
  }
}
