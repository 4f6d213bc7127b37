import type { Dataset } from '../../data/dataset.ts'
import { headScore, type HeadScoreKind } from './score-kinds.ts'

/** A head and what it scored. */
export interface ScoredHead {
  readonly layer: number
  readonly head: number
  /** NaN where it has no score, as where no token repeats. */
  readonly value: number
}

/** In which order heads stand, and which are left out. */
export interface RankWishes {
  readonly lowestFirst: boolean
  /** The least that a head has to score, of the lowest the most; null where all stay. */
  readonly bound: number | null
}

/** One score of every head of the layers that `head-scores` is of, layer after layer. */
export function scoredHeads(result: Dataset, kind: HeadScoreKind): ScoredHead[] {
  const { layer: layers, head: heads } = result.axes
  return Array.from({ length: layers!.length * heads!.length }, (_, i) => {
    const [row, head] = [Math.floor(i / heads!.length), i % heads!.length]
    const layer = Number(layers!.labels?.[row] ?? row)
    return { layer, head, value: headScore(result, kind, row, head) }
  })
}

/** Heads less what the same heads scored elsewhere; those that are not there are left out. */
export function scoredLess(heads: readonly ScoredHead[], less: readonly ScoredHead[]) {
  const others = new Map(less.map(({ layer, head, value }) => [`${layer}.${head}`, value]))
  return heads.flatMap(({ layer, head, value }) => {
    const other = others.get(`${layer}.${head}`)
    return other === undefined ? [] : [{ layer, head, value: value - other }]
  })
}

/** Heads that reach a bound, by what they scored; equal ones by their place, those without a score at the end. */
export function ranked(
  heads: readonly ScoredHead[],
  { lowestFirst, bound }: RankWishes
): ScoredHead[] {
  const sign = lowestFirst ? -1 : 1
  return heads
    .filter(({ value }) => bound === null || sign * value >= sign * bound)
    .toSorted((a, b) => {
      if (Number.isNaN(a.value) || Number.isNaN(b.value))
        return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
      return sign * (b.value - a.value)
    })
}
