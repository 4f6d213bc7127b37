import type { ComparedModel } from './compared-model.ts'
import { differenceOf, verdictOf, type Estimate } from './difference-interval.ts'

/** One head of each of two models, at the same place. */
export interface HeadDifference {
  readonly layer: number
  readonly head: number
  /** The first less the second. */
  readonly difference: Estimate
}

/** Whether heads at the same place may be set against each other: of models of one shape and vocabulary. */
export function haveHeadsAlike(a: ComparedModel, b: ComparedModel): boolean {
  const shape = ({ model, atlas }: ComparedModel) =>
    JSON.stringify([
      model.config.nLayers,
      model.config.nHeads,
      model.config.dVocab,
      ...atlas.layers
    ])
  return shape(a) === shape(b)
}

/**
 * A score head by head, the first model's less the second's.
 * @param above how far it is above its baseline, not the score itself
 */
export function headDifferences(
  a: ComparedModel,
  b: ComparedModel,
  score: string,
  above: boolean
): HeadDifference[] {
  const estimate = ({ atlas }: ComparedModel, i: number): Estimate => {
    const {
      value = NaN,
      low = NaN,
      high = NaN,
      baseline = NaN
    } = atlas.heads[i]!.scores[score] ?? {}
    const less = above ? baseline : 0
    return { value: value - less, low: low - less, high: high - less }
  }
  return a.atlas.heads.map(({ layer, head }, i) => ({
    ...{ layer, head },
    difference: differenceOf(estimate(a, i), estimate(b, i))
  }))
}

/** How many heads are told apart, and the one that differs most of these, or of all where none is; null where no head has the score on both sides. */
export function furthestHead(all: readonly HeadDifference[]): {
  readonly furthest: HeadDifference
  readonly apart: number
  readonly of: number
} | null {
  const known = all.filter(({ difference }) => !Number.isNaN(difference.value))
  const size = ({ difference }: HeadDifference) => Math.abs(difference.value)
  const apart = known.filter(({ difference }) => verdictOf(difference) === 'apart')
  const among = apart.length > 0 ? apart : known
  const [furthest] = among.toSorted((one, other) => size(other) - size(one))
  return furthest === undefined ? null : { furthest, apart: apart.length, of: known.length }
}
