import type { ComparedModel } from './compared-model.ts'
import { comparedMeans, type ComparedMean } from './compared-means.ts'
import { unfairness } from './fairness.ts'
import { furthestHead, haveHeadsAlike, headDifferences } from './head-differences.ts'
import {
  headsOfKind,
  kindRule,
  kindScores,
  kindTest,
  type KindOfModel,
  type KindRule
} from './head-kinds.ts'

/** How many heads of each of two models have a score far enough above its baseline, and where. */
export interface ComparedKind {
  readonly score: string
  readonly sides: readonly [KindOfModel, KindOfModel]
}

/** A score head by head. */
export interface ComparedHeads extends NonNullable<ReturnType<typeof furthestHead>> {
  readonly score: string
}

/** The heads of two models, each on texts of its own, side by side. */
export interface HeadComparison {
  readonly sides: readonly [ComparedModel, ComparedModel]
  /** Null where one of them has no baseline. */
  readonly rule: KindRule | null
  readonly kinds: readonly ComparedKind[]
  readonly means: readonly ComparedMean[]
  /** Null where heads at the same place are not to be set against each other. */
  readonly heads: readonly ComparedHeads[] | null
  /** What makes it unfair, or less sure than it looks, in sentences. */
  readonly notes: readonly string[]
}

/** Sets what the heads of two models do side by side. */
export function headComparison(a: ComparedModel, b: ComparedModel): HeadComparison {
  const rule = kindRule([a, b])
  const shared = kindScores(a).filter(score => kindScores(b).includes(score))
  const means = comparedMeans(a, b)
  return {
    sides: [a, b],
    rule,
    kinds: rule === null ? [] : comparedKinds([a, b], shared, rule),
    means,
    heads: haveHeadsAlike(a, b)
      ? shared.flatMap(score => {
          const found = furthestHead(headDifferences(a, b, score, rule !== null))
          return found === null ? [] : [{ score, ...found }]
        })
      : null,
    notes: unfairness(a, b, means)
  }
}

function comparedKinds(
  [a, b]: readonly [ComparedModel, ComparedModel],
  scores: readonly string[],
  rule: KindRule
): ComparedKind[] {
  const [ofA, ofB] = [kindTest(a, rule), kindTest(b, rule)]
  return scores.map(score => ({
    score,
    sides: [headsOfKind(a, score, ofA), headsOfKind(b, score, ofB)]
  }))
}
