import { z } from 'zod'
import { checkDifferent } from '../../model/check-different.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { GradientTarget } from '../../model/gradient-target.ts'
import type { ModelFacts } from '../analysis.ts'
import { maskedLabels } from '../masked-labels.ts'
import { widthsOf } from '../model-widths.ts'

/** A param of the number that is explained: a logit, a difference of two, a probability, or the loss of the text. */
export const Scalar = z
  .string()
  .regex(
    /^(loss|(logit|probability):\d{1,9}:\d{1,9}|difference:\d{1,9}:\d{1,9}-\d{1,9})$/,
    'expected loss, logit:POS:TOKEN, probability:POS:TOKEN or difference:POS:A-B, such as logit:7:12'
  )
  .default('loss')

/** The ids of the tokens that a number is of; none of the loss. @param of that `Scalar` matches */
export function scalarTokens(of: string): number[] {
  return of === 'loss' ? [] : of.split(':')[2]!.split('-').map(Number)
}

/**
 * @param of that `Scalar` matches
 * @param masked as `Masked` has it; for the loss of a model of masked tokens
 * @param tokens of the window; 0 where only what every window needs is asked
 * @throws LamellaError `invalid-argument` when the model or the window has no such place, as `maskedLabels` does
 */
export function scalarTarget(
  of: string,
  masked: string | null,
  model: ModelFacts,
  tokens: number
): GradientTarget {
  if (of === 'loss') {
    const labels = maskedLabels(masked, model, tokens)
    return { kind: 'loss', ...(labels !== null && { labels }) }
  }
  const [kind, position, pair] = of.split(':') as [
    Exclude<GradientTarget['kind'], 'loss'>,
    string,
    string
  ]
  const [token, other] = pair.split('-').map(Number) as [number, number?]
  const width = model.labels?.length ?? widthsOf(model).dVocab
  checkIndex('token', token, width)
  if (other !== undefined) {
    checkIndex('token', other, width)
    checkDifferent(token, other)
  }
  const at = { position: Number(position), token }
  if (tokens > 0) checkIndex('position', at.position, model.ofText ? 1 : tokens)
  return kind === 'difference' ? { kind, ...at, other: other! } : { kind, ...at }
}
