import { atlasScore } from '../../analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '../../analysis/head-atlas/head-atlas.ts'
import type { HeadScatterData } from '../head-scatter.ts'
import type { ValueRange } from '../value-scale.ts'

/** What a score of heads spans, with its baselines. */
export function scoreExtent({ heads, isDifference }: HeadAtlas, score: string): ValueRange {
  const numbers = heads
    .flatMap(({ scores }) => [
      scores[score]?.value ?? NaN,
      isDifference ? 0 : (scores[score]?.baseline ?? NaN)
    ])
    .filter(Number.isFinite)
  return { low: Math.min(...numbers), high: Math.max(...numbers) }
}

/**
 * Heads by two of their scores; those that lack one are left out.
 * @param spanOf what an axis has at least room for; null for its own points
 */
export function scatterData(
  { heads, isDifference }: HeadAtlas,
  nLayers: number,
  { x, y }: { readonly x: string; readonly y: string },
  spanOf: (score: string) => ValueRange | null
): HeadScatterData {
  const axis = (score: string) => {
    const { words, unit } = atlasScore(score)
    // Of differences nothing is where they are zero.
    const baselines = isDifference ? [0] : heads.map(({ scores }) => scores[score]?.baseline ?? NaN)
    const span = spanOf(score)
    return {
      ...(span && { span }),
      name: `${isDifference ? 'difference of ' : ''}${unit === '' ? words : `${words}, ${unit}`}`,
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
