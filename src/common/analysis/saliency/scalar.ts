import { z } from 'zod'
import { checkDifferent } from '../../model/check-different.ts'
import { checkIndex } from '../../model/check-index.ts'
import type { GradientTarget } from '../../model/gradient-target.ts'
import { targetForms, targetOfText, targetText } from '../../model/target-text.ts'
import type { ModelFacts } from '../analysis.ts'
import { maskedLabels } from '../masked-labels.ts'
import { widthsOf } from '../model-widths.ts'

/** A param of the number that is explained: a logit, a difference of two, a probability, or the loss of the text. */
export const Scalar = z.string().regex(targetText, `expected ${targetForms}`).default('loss')

/** The ids of the tokens that a number is of; none of the loss. @param of that `Scalar` matches */
export function scalarTokens(of: string): number[] {
  const target = targetOfText(of)
  if (target.kind === 'loss') return []
  return [target.token, ...(target.kind === 'difference' ? [target.other] : [])]
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
  const target = targetOfText(of)
  if (target.kind === 'loss') {
    const labels = maskedLabels(masked, model, tokens)
    return { ...target, ...(labels !== null && { labels }) }
  }
  const width = model.labels?.length ?? widthsOf(model).dVocab
  checkIndex('token', target.token, width)
  if (target.kind === 'difference') {
    checkIndex('token', target.other, width)
    checkDifferent(target.token, target.other)
  }
  if (tokens > 0) checkIndex('position', target.position, model.ofText ? 1 : tokens)
  return target
}
