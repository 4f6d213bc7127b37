import type { HeadComparison } from '#common/analysis/head-comparison/head-comparison.ts'
import { headDifferences } from '#common/analysis/head-comparison/head-differences.ts'
import { headKinds, kindsByLayer, kindWords } from '#common/analysis/head-comparison/head-kinds.ts'
import { scoreByDepth } from '#common/analysis/head-comparison/score-by-depth.ts'
import type { DepthKindsData } from '#common/figure/depth-kinds.ts'
import type { DepthScoresData } from '#common/figure/depth-scores.ts'
import type { HeadMapData } from '#common/figure/head-map.ts'
import { mapData, quantityName, type ScoreQuantity } from '#common/figure/views/score-map.ts'

interface Shown {
  readonly score: string
  readonly quantity: ScoreQuantity
}

/** The maps of both models. */
export function bothMaps({ sides }: HeadComparison, shown: Shown): [HeadMapData, HeadMapData] {
  return [mapData(sides[0].atlas, shown), mapData(sides[1].atlas, shown)]
}

/** The first model's scores less the second's, head by head. */
export function differenceMap({ sides }: HeadComparison, { score, quantity }: Shown): HeadMapData {
  const [a, b] = sides
  return {
    ...mapData(a.atlas, { score, quantity }),
    name: `${quantityName(score, quantity)}: difference`,
    quantity: 'difference',
    values: headDifferences(a, b, score, quantity === 'above').map(
      ({ difference }) => difference.value
    )
  }
}

/** A score of both by how deep the heads are. */
export function depthData({ sides }: HeadComparison, { score, quantity }: Shown): DepthScoresData {
  const isAbove = quantity === 'above'
  return {
    title: null,
    name: quantityName(score, quantity),
    sides: sides.map(side => ({
      name: side.name,
      baseline: isAbove ? 0 : meanBaseline(side.atlas.heads.map(head => head.scores[score])),
      layers: scoreByDepth(side, score, isAbove)
    }))
  }
}

/** How many heads of each layer are of which kind; null where no kinds are told. */
export function kindsData({ sides, rule }: HeadComparison): DepthKindsData | null {
  if (rule === null) return null
  return {
    title: null,
    kinds: headKinds.map(kindWords),
    sides: sides.map(side => ({ name: side.name, layers: kindsByLayer(side, rule) }))
  }
}

/** Layers that see as much have the same one; null where there is none. */
function meanBaseline(
  scores: readonly ({ readonly baseline: number } | undefined)[]
): number | null {
  const known = scores.flatMap(score =>
    score !== undefined && Number.isFinite(score.baseline) ? [score.baseline] : []
  )
  if (known.length === 0) return null
  return known.reduce((sum, baseline) => sum + baseline, 0) / known.length
}
