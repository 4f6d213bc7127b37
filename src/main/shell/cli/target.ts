import { InvalidArgumentError } from 'commander'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { expectedTokens, noLabel, type GradientTarget } from '#common/model/gradient-target.ts'

/** Exactly one of these says what is differentiated. */
export interface TargetOptions {
  readonly target?: GradientTarget
  readonly probability?: GradientTarget
  readonly loss?: true
  /** With `loss`; as `expectedTokens` reads them. */
  readonly labels?: readonly number[]
}

/** Reads `POS:TOKEN`, or `POS:TOKEN-TOKEN` for a difference. */
export function logitTarget(typed: string): GradientTarget {
  const [, position, token, other] = /^(\d+):(\d+)(?:-(\d+))?$/.exec(typed) ?? []
  if (position === undefined)
    throw new InvalidArgumentError('Expected a position and a token id, such as 4:17 or 4:17-3.')
  const at = { position: Number(position), token: Number(token) }
  return other === undefined
    ? { kind: 'logit', ...at }
    : { kind: 'difference', ...at, other: Number(other) }
}

/** Reads `POS:TOKEN`. */
export function probabilityTarget(typed: string): GradientTarget {
  const target = logitTarget(typed)
  if (target.kind !== 'logit') throw new InvalidArgumentError('Expected one token, such as 4:17.')
  return { ...target, kind: 'probability' }
}

/** What is differentiated. */
export function targetOf({ target, probability, labels }: TargetOptions): GradientTarget {
  return target ?? probability ?? { kind: 'loss', ...(labels && { labels: [...labels] }) }
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
