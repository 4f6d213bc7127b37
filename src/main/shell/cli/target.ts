import { InvalidArgumentError } from 'commander'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { expectedTokens, noLabel, type GradientTarget } from '#common/model/gradient-target.ts'
import { targetForms, targetOfText, targetText } from '#common/model/target-text.ts'

/** Exactly one of these says what is differentiated. */
export interface TargetOptions {
  readonly target?: GradientTarget
  readonly probability?: GradientTarget
  readonly loss?: true
  /** With `loss`; as `expectedTokens` reads them. */
  readonly labels?: readonly number[]
}

/** Reads a number as analyses name it: `POS:TOKEN`, `POS:A-B`, `probability:POS:TOKEN` or `loss`. */
export function typedTarget(typed: string): GradientTarget {
  if (!targetText.test(typed)) throw new InvalidArgumentError(`Expected ${targetForms}.`)
  return targetOfText(typed)
}

/** Reads `POS:TOKEN`. */
export function probabilityTarget(typed: string): GradientTarget {
  const target = typedTarget(typed)
  if (target.kind !== 'logit') throw new InvalidArgumentError('Expected one token, such as 4:17.')
  return { ...target, kind: 'probability' }
}

/** What is differentiated. */
export function targetOf({ target, probability, labels }: TargetOptions): GradientTarget {
  const own = target ?? probability ?? { kind: 'loss' }
  return own.kind === 'loss' && labels ? { ...own, labels: [...labels] } : own
}

/** What a target is, and what its numbers are, in a line. */
export function targetMeaning({ kind }: GradientTarget): string {
  const meanings = {
    logit: 'logits[position, token]; target: position, token',
    difference: 'logits[position, token] - logits[position, other]; target: position, token, other',
    probability: 'softmax(logits[position])[token]; target: position, token',
    loss: `mean cross-entropy in nats; target: what the logits of each position should predict, ${noLabel} where nothing: the token after it, of a model of masked tokens the one at it`
  } as const
  return meanings[kind]
}

/** A target as numbers: position and token; position, token and the other token; or what is expected at each position. */
export function targetNumbers(
  target: GradientTarget,
  ids: readonly number[],
  { predicts }: Pick<ModelInfo, 'predicts'>
): number[] {
  if (target.kind === 'loss') return expectedTokens(target.labels, ids, predicts)
  const { position, token } = target
  return target.kind === 'difference' ? [position, token, target.other] : [position, token]
}
