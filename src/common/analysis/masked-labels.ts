import { z } from 'zod'
import { checkIndex } from '../model/check-index.ts'
import { LamellaError } from '../model/errors.ts'
import { noLabel } from '../model/gradient-target.ts'
import type { ModelFacts } from './analysis.ts'

/** A param of what a text hides from a model of masked tokens: positions that hold the mask, each with its token. */
export const Masked = z
  .string()
  .max(100_000)
  .regex(
    /^\d{1,9}:\d{1,9}(,\d{1,9}:\d{1,9})*$/,
    'expected positions and the tokens masked there, such as 3:12,7:44'
  )
  .nullable()
  .default(null)

/**
 * What is expected at each position of a model of masked tokens, [pos]; null of one of next tokens.
 * @throws LamellaError `invalid-argument` where it is not said, or said of another kind of model
 */
export function maskedLabels(
  masked: string | null,
  { name, predicts }: Pick<ModelFacts, 'name' | 'predicts'>,
  tokens: number
): number[] | null {
  if (masked === null && predicts === 'next') return null
  if (predicts !== 'masked')
    throw new LamellaError(
      'invalid-argument',
      predicts === 'next'
        ? `${name} predicts the next token, and masked is said`
        : `${name} predicts no tokens, so there is no loss`,
      predicts === 'next' ? 'Leave masked out.' : undefined
    )
  if (masked === null)
    throw new LamellaError(
      'invalid-argument',
      `${name} predicts masked tokens, and which are masked is not said`,
      'Put the mask in place of some tokens, and set masked to their positions and ids, such as masked=3:12,7:44.'
    )
  const labels = new Array<number>(tokens).fill(noLabel)
  // Before a window is read only what every one needs is asked.
  if (tokens === 0) return labels
  for (const { position, token } of maskedPairs(masked)) {
    checkIndex('masked position', position, tokens)
    labels[position] = token
  }
  return labels
}

/** Each position that `Masked` says, and the id of the token that is hidden there. */
export function maskedPairs(
  masked: string
): { readonly position: number; readonly token: number }[] {
  return masked.split(',').map(pair => {
    const [position, token] = pair.split(':').map(Number) as [number, number]
    return { position, token }
  })
}

/**
 * @param before windows that were read before this one
 * @throws LamellaError `invalid-argument` where positions of one window are said and there are several
 */
export function checkOneWindow(masked: string | null, before: number, label: string): void {
  if (masked !== null && before > 0)
    throw new LamellaError(
      'invalid-argument',
      `${label}: is a second window, and masked says positions of one`,
      'Give one text that the model takes at once.'
    )
}

/** @throws LamellaError `invalid-argument` naming the first position that shows what it should hide */
export function checkHidden(labels: readonly number[] | null, ids: Int32Array): void {
  const shown = labels?.findIndex((label, pos) => label === ids[pos]) ?? -1
  if (shown >= 0)
    throw new LamellaError(
      'invalid-argument',
      `position ${shown} is to be masked, and the text shows token ${ids[shown]} there`,
      'Put the mask in its place.'
    )
}
