import { variable } from '../../data/dataset.ts'
import { atlasScore } from '../head-atlas/atlas-scores.ts'
import { classWords } from './class-words.ts'
import type { ComparedModel } from './compared-model.ts'
import { differenceOf, verdictOf, type Estimate, type Verdict } from './difference-interval.ts'

/**
 * What of a score is compared. `above`: how far it is above that of attention spread alike. `share`: the part of that which it
 * is, of entropy and distance, which are no shares of attention. `value`: the score itself, where one of two has no baseline.
 */
export type ComparedBy = 'above' | 'share' | 'value'

/** A mean over all heads of a model. */
export interface MeanOfModel extends Estimate {
  /** The same of attention spread alike; NaN where there is none. */
  readonly baseline: number
  /** Windows that have it. */
  readonly windows: number
  /** What is compared. */
  readonly compared: Estimate
}

/** One score, as a mean over all heads of each of two models. */
export interface ComparedMean {
  readonly name: string
  readonly words: string
  readonly unit: string
  readonly by: ComparedBy
  readonly sides: readonly [MeanOfModel, MeanOfModel]
  /** Of what is compared, the first less the second. */
  readonly difference: Estimate
  readonly verdict: Verdict
}

/** The means that both models have. */
export function comparedMeans(a: ComparedModel, b: ComparedModel): ComparedMean[] {
  const [ofA, ofB] = [a, b].map(({ result }) => result.axes['mean']!.labels!)
  const known = [a, b].every(({ result }) => 'mean.above' in result.variables)
  return ofA!
    .filter(name => ofB!.includes(name))
    .map((name): ComparedMean => {
      const { isMass, unit } = atlasScore(name)
      const by: ComparedBy = known ? (isMass ? 'above' : 'share') : 'value'
      const sides = [meanOf(a, name, by), meanOf(b, name, by)] as const
      const difference = differenceOf(sides[0].compared, sides[1].compared)
      const verdict = verdictOf(difference)
      return { name, words: meanWords(name), unit, by, sides, difference, verdict }
    })
    .filter(({ sides }) => sides.every(({ windows }) => windows > 0))
}

function meanOf({ result }: ComparedModel, name: string, by: ComparedBy): MeanOfModel {
  const at = result.axes['mean']!.labels!.indexOf(name)
  const of = (fact: string) => result.variables[`mean.${fact}`]?.data[at] ?? NaN
  const own = { value: variable(result, 'mean.value').data[at]!, low: of('low'), high: of('high') }
  const baseline = of('baseline')
  const compared = {
    above: { value: of('above'), low: of('above_low'), high: of('above_high') },
    share: { value: own.value / baseline, low: own.low / baseline, high: own.high / baseline },
    value: own
  }[by]
  return { ...own, baseline, windows: of('windows'), compared }
}

/** What a mean over heads is of. */
function meanWords(name: string): string {
  const [, target] = /^letter_to_(\w+)$/.exec(name) ?? []
  if (target !== undefined) return `attention from letters to ${classWords(target)}`
  if (name === 'entropy') return 'entropy of attention'
  if (name === 'distance') return 'distance of attention'
  if (name.startsWith('to_')) return `attention to ${classWords(name.slice(3))}`
  return `attention to ${toWords[name] ?? atlasScore(name).words}`
}

const toWords: Readonly<Record<string, string>> = {
  previous_token: 'the previous token',
  self: 'the token itself',
  first_token: 'the first token',
  duplicate_token: 'earlier copies of the token',
  induction: 'what followed earlier copies (induction)'
}
