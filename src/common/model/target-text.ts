import { LamellaError } from './errors.ts'
import type { GradientTarget } from './gradient-target.ts'

const place = String.raw`\d{1,9}:\d{1,9}`

/** A logit or a difference of two, as a pattern has it: `7:12`, `7:12-5`, `logit:7:12` or `difference:7:12-5`. */
export const logitText = `(?:(?:logit:)?${place}|(?:difference:)?${place}-\\d{1,9})`

/** How a number that a run gives is written. */
export const targetText = new RegExp(`^(?:loss|probability:${place}|${logitText})$`)
export const targetForms =
  'loss, POS:TOKEN (or logit:POS:TOKEN), POS:A-B (or difference:POS:A-B) or probability:POS:TOKEN, such as 7:12'

/** @throws LamellaError `invalid-argument` where `targetText` does not match */
export function targetOfText(text: string): GradientTarget {
  if (!targetText.test(text))
    throw new LamellaError('invalid-argument', `${text}: expected ${targetForms}`)
  if (text === 'loss') return { kind: 'loss' }
  const [position, token, other] = text.match(/\d+/g)!.map(Number) as [number, number, number?]
  const at = { position, token }
  if (other !== undefined) return { kind: 'difference', ...at, other }
  return { kind: text.startsWith('probability') ? 'probability' : 'logit', ...at }
}
