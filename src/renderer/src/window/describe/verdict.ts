import type { DescriptionCheck } from '#common/model/describe-reading.ts'
import { numberText } from '#common/text/number-text.ts'

/** What a check comes to, in words. */
export interface Verdict {
  readonly tone: 'good' | 'doubtful' | 'bad'
  readonly text: string
}

/** Shares of the loss of a uniform guess below which a reading is good, or doubtful. */
const good = 0.8
const doubtful = 0.97

/** Judges a check by its loss beside that of a uniform guess. */
export function verdictOf({ loss, chance, method }: DescriptionCheck): Verdict {
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
  return { tone: 'good', text: `${against}: the reading makes sense.` }
}
