import { z } from 'zod'
import { LamellaError } from './errors.ts'

const Index = z.int().min(0)

/** No label: what the loss of a text leaves out. @source PyTorch's `ignore_index` */
export const noLabel = -100

/**
 * The number whose gradient is taken. Of a model that reads a text as a whole the only position is 0, and tokens are
 * its labels.
 */
export const GradientTarget = z.discriminatedUnion('kind', [
  /** logits[position, token] */
  z.strictObject({ kind: z.literal('logit'), position: Index, token: Index }),
  /** logits[position, token] − logits[position, other] */
  z.strictObject({ kind: z.literal('difference'), position: Index, token: Index, other: Index }),
  /** softmax(logits[position])[token] */
  z.strictObject({ kind: z.literal('probability'), position: Index, token: Index }),
  /** Mean cross-entropy, in nats, of what `expectedTokens` says of these labels. */
  z.strictObject({
    kind: z.literal('loss'),
    labels: z.array(z.union([z.literal(noLabel), Index])).optional()
  })
])
export type GradientTarget = z.infer<typeof GradientTarget>

/**
 * What the logits of each position are to predict, of which a loss is: [pos], −100 where nothing is.
 *
 * A label stands at the position whose logits it scores. Of a model of masked tokens it is the token AT that position;
 * where the text shows that token itself nothing is hidden, and it counts for nothing, so that the ids of a text before
 * it was masked are its labels. Of a decoder it is the token AFTER that position: labels are not shifted.
 *
 * @param labels where they are left out, the next tokens
 * @param ids of the text, [pos]
 * @throws LamellaError `invalid-argument` where labels are needed, or are those of another convention, or none is left
 */
export function expectedTokens(
  labels: readonly number[] | undefined,
  ids: readonly number[],
  predicts: 'next' | 'masked' | 'labels' | null
): number[] {
  const next = [...ids.slice(1), noLabel]
  const expected = labels ?? (predicts === 'next' ? next : null)
  if (expected === null)
    throw new LamellaError(
      'invalid-argument',
      'The loss of a model that does not predict the next token needs labels',
      predicts === 'masked'
        ? `Give the ids of the text before it was masked, or ${noLabel} where nothing is expected.`
        : `Say what is expected at each position, ${noLabel} where nothing is.`
    )
  if (predicts === 'next' && isOwn(expected, ids) && !isOwn(expected, next))
    throw new LamellaError(
      'invalid-argument',
      'Each label is the token of its own position, and a model of next tokens is asked for the one after it',
      'Leave the labels out for the loss of the next tokens, or shift them by one.'
    )
  const scored =
    predicts === 'masked'
      ? expected.map((label, pos) => (label === ids[pos] ? noLabel : label))
      : [...expected]
  if (scored.every(label => label === noLabel)) throw nothingExpected(labels, predicts)
  return scored
}

/** Whether all labels that there are are tokens of the same places. */
function isOwn(labels: readonly number[], tokens: readonly number[]): boolean {
  return (
    labels.some(label => label !== noLabel) &&
    labels.every((label, pos) => label === noLabel || label === tokens[pos])
  )
}

function nothingExpected(
  labels: readonly number[] | undefined,
  predicts: 'next' | 'masked' | 'labels' | null
): LamellaError {
  if (labels === undefined)
    return new LamellaError('invalid-argument', 'The text is too short to predict any of it')
  const shown = predicts === 'masked' ? ' or the token that the text shows there' : ''
  return new LamellaError(
    'invalid-argument',
    `No label is left to predict: each is ${noLabel}${shown}`
  )
}
