import { maskedLabels, maskedPairs } from '../../analysis/masked-labels.ts'
import type { Run } from '../../contract/schemas.ts'
import { LamellaError } from '../../model/errors.ts'
import { maskTokenOf } from '../../model/mask-token.ts'
import { idToken, type Token } from '../../model/token.ts'
import { isolated, tokenText } from '../../text/token-text.ts'
import type { Origin } from '../provenance.ts'
import type { FigureSource, TextOfIds } from './figure-view.ts'
import { runOrigin, type ModelRead } from './origin.ts'

/** A text, some of whose tokens may be hidden from a model of masked tokens. */
export interface HidingRun {
  /** As it is shown. */
  readonly run: Pick<Run, 'source' | 'tokens'>
  /** As it is read: with the mask in the place of what is hidden. */
  readonly read: Pick<Run, 'tokens'>
  /** What is hidden, as `Masked` has it. */
  readonly masked: string | null
}

/** The same, and what analyses are to read of it. */
interface HidingText extends HidingRun {
  readonly run: Run
  readonly reads: 'whole' | TextOfIds
}

/**
 * The text of a figure without what is hidden: the mask takes the place of each token that the text shows where it is hidden.
 * @throws LamellaError `invalid-argument` as `maskedLabels` does, and where no token is known to be the mask
 */
export async function hidingText(
  { model, run: runOf, tokenizer }: FigureSource,
  masked: string | null
): Promise<HidingText> {
  const run = await runOf()
  const { tokens } = run
  const labels = masked === null ? null : maskedLabels(masked, model, tokens.length)
  const isShown = ({ id }: Token, at: number) => id === labels?.[at]
  if (!tokens.some(isShown)) return { run, read: run, masked, reads: 'whole' }
  const mask = model.tokenizer === null ? null : await maskTokenOf(tokenizer.split)
  if (mask === null)
    throw new LamellaError(
      'invalid-argument',
      `masked: no tokenizer of ${model.name} says which token is the mask`,
      'Give the text by --tokens, with the id of the mask in place of what is hidden.'
    )
  const read = tokens.map((token, at) => (isShown(token, at) ? mask : token))
  return { run, read: { tokens: read }, masked, reads: { ids: read.map(({ id }) => id) } }
}

/** The tokens of a text as they are read; those that are not hidden as they stand in it. */
export function tokensRead({ run, read }: Pick<HidingRun, 'run' | 'read'>): Token[] {
  return run.tokens.map((token, at) => {
    const own = read.tokens[at]!
    return own.id === token.id ? token : own
  })
}

/** What is said, followed by which tokens are hidden, where there are any. */
export function withHidden(said: string, { masked, run }: Omit<HidingRun, 'read'>): string {
  if (masked === null) return said
  const hidden = maskedPairs(masked).map(({ position, token: id }) => {
    const shown = run.tokens[position]
    return `${position} ${isolated(tokenText(shown?.id === id ? shown : idToken(id)))}`
  })
  return `${said}, hidden: ${hidden.join(', ')}`
}

/** Where what is shown of such a text comes from. */
export function hidingOrigin(model: ModelRead, hiding: HidingRun, place: string): Origin {
  const { source } = hiding.run
  const run = { source, tokens: tokensRead(hiding) }
  return runOrigin(model, run, withHidden(place, hiding))
}
