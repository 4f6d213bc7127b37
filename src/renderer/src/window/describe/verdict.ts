import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import { isAbove } from '#common/model/answer-comparison.ts'
import { numberText } from '#common/text/number-text.ts'
import type { Comparison } from './use-describe.ts'

/** What a check comes to, in words. */
export interface Verdict {
  readonly tone: 'good' | 'doubtful' | 'bad'
  readonly text: string
}

/** Shares of the loss of a uniform guess below which a reading is good, or doubtful. */
const good = 0.8
const doubtful = 0.97

/** How other numbers of heads do on the same text. */
export interface OtherHeads {
  /** The number of the reading that was checked. */
  readonly value: string
  /** Null until they are compared. */
  readonly comparison: Comparison | null
}

/**
 * Judges a check by its loss beside that of a uniform guess, and by other numbers of heads.
 * @param heads null where a tensor or a file tells how many there are
 */
export function verdictOf(
  { loss, chance, method }: DescriptionCheck,
  heads: OtherHeads | null
): Verdict {
  if (loss === null)
    return { tone: 'bad', text: 'What the model computes is no number: the reading is wrong.' }
  const against = `${numberText(loss)} nats against ${numberText(chance)} by chance`
  if (loss > doubtful * chance)
    return { tone: 'bad', text: `${against}: no better than guessing, so the reading is wrong.` }
  if (method === 'same-token')
    return { tone: 'doubtful', text: `${against}: each token sees itself, so this says little.` }
  if (loss > good * chance)
    return {
      tone: 'doubtful',
      text: `${against}: hardly better than guessing. Another answer, or a text like those it learned from, may do better.`
    }
  if (heads === null) return { tone: 'good', text: `${against}: the reading makes sense.` }
  return byHeads(heads, against)
}

function byHeads({ value, comparison }: OtherHeads, against: string): Verdict {
  if (comparison === null || !comparison.isWhole)
    return {
      tone: 'doubtful',
      text: `${against}: better than guessing. Other numbers of heads have not been compared yet.`
    }
  const { alike, losses } = comparison
  const known = [...losses].flatMap(([heads, loss]) => (loss === null ? [] : [{ heads, loss }]))
  const lowest = known.reduce((low, one) => (one.loss < low.loss ? one : low))
  const isAlike = alike.includes(value)
  if (isAbove(losses.get(value) ?? Infinity, lowest.loss)) {
    const short = isAlike ? ' A longer text would tell them apart.' : ''
    return {
      tone: 'doubtful',
      text: `${against}: better than guessing, but with ${lowest.heads} heads it is ${numberText(lowest.loss)} nats.${short}`
    }
  }
  const others = alike.filter(other => other !== value)
  const sense = `${against}: the reading makes sense.`
  if (others.length === 0) return { tone: 'good', text: sense }
  return {
    tone: 'good',
    text: `${sense} This text does not tell ${value} heads from ${others.join(', ')}; a longer one may.`
  }
}
