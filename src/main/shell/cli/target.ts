import { InvalidArgumentError } from 'commander'
import { noLabel, type GradientTarget } from '#common/model/gradient-target.ts'

/** Exactly one of these says what is differentiated. */
export interface TargetOptions {
  readonly target?: GradientTarget
  readonly probability?: GradientTarget
  readonly loss?: true
  /** The tokens expected at each position; with `loss`. */
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

/**
 * What is differentiated.
 * @param ids of the text: a label that is its position's own token is no label, as at positions that are not masked
 */
export function targetOf(options: TargetOptions, ids: readonly number[]): GradientTarget {
  const { target, probability, labels } = options
  const single = target ?? probability
  if (single !== undefined) return single
  if (labels === undefined) return { kind: 'loss' }
  return { kind: 'loss', labels: labels.map((label, i) => (label === ids[i] ? noLabel : label)) }
}

/** What a target is, and what its numbers are, in a line. */
export function targetMeaning({ kind }: GradientTarget): string {
  const meanings = {
    logit: 'logits[position, token]; target: position, token',
    difference: 'logits[position, token] - logits[position, other]; target: position, token, other',
    probability: 'softmax(logits[position])[token]; target: position, token',
    loss: `mean cross-entropy in nats; target: the token expected at each position, ${noLabel} where none is`
  } as const
  return meanings[kind]
}

/**
 * A target as numbers: position and token; position, token and the other token; or what is expected at each position.
 * @param ids of the text, whose next tokens a loss is of where it has no labels
 */
export function targetNumbers(target: GradientTarget, ids: readonly number[]): number[] {
  if (target.kind === 'loss') return target.labels ?? [...ids.slice(1), noLabel]
  const { position, token } = target
  return target.kind === 'difference' ? [position, token, target.other] : [position, token]
}
