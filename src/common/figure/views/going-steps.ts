import type { Generated, Run } from '../../contract/schemas.ts'
import type { Token } from '../../model/token.ts'
import { counted, exactCount } from '../../text/number-text.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'

/** One token of how a text goes on. */
export interface GoingStep {
  readonly token: Token
  /** A person took it. */
  readonly taken: boolean
  /** The model's own: by the softmax of all logits. */
  readonly probability: number
  /** With which it was drawn; null of one that the text was to begin with. */
  readonly drawn: number | null
  /** What it was drawn from; null of one that the text was to begin with. */
  readonly candidates: Generated['continuation'][number]['candidates'] | null
}

/**
 * The tokens after a text: those that it was to go on with, and those that came.
 * @param taken places of those that a person took
 * @param probabilities of all tokens that it was to begin with, those of the text, too; null where there is none after that
 */
export function goingSteps(
  generated: Generated,
  { tokens }: Pick<Run, 'tokens'>,
  taken: readonly number[],
  probabilities: ArrayLike<number> | null
): GoingStep[] {
  return [
    ...generated.prompt.slice(tokens.length).map((token, place) => ({
      token,
      taken: taken.includes(place),
      probability: probabilities?.[tokens.length + place] ?? NaN,
      drawn: null,
      candidates: null
    })),
    ...generated.continuation.map(step => ({ ...step, taken: false }))
  ]
}

/** A text and what comes after it as one, with offsets into that. */
export function goneOn(
  own: readonly WrittenToken[],
  written: string | null,
  steps: readonly GoingStep[]
): { readonly tokens: readonly WrittenToken[]; readonly written: string | null } {
  if (written === null)
    return { tokens: [...own, ...steps.map(({ token }) => ({ ...token, readAs: null }))], written }
  let text = written
  const after = steps.map(({ token }) => {
    const start = text.length
    text += token.text
    return { ...token, start, end: text.length, readAs: null }
  })
  return { tokens: [...own, ...after], written: text }
}

/** The tokens to begin with where another is taken at a step, by their ids. */
export function pathWith(steps: readonly GoingStep[], step: number, id: number): number[] {
  return [...steps.slice(0, step).map(({ token }) => token.id), id]
}

/** How many tokens a text went on by, of which those that it was to begin with were not asked for, and why no further. */
export function lengthText(steps: readonly GoingStep[], ended: Generated['ended']): string {
  const kept = steps.filter(({ candidates }) => candidates === null).length
  const all = counted(steps.length, 'token')
  const came =
    kept === 0 ? all : `${all}: ${exactCount(kept)} kept, then ${exactCount(steps.length - kept)}`
  return `${came}, ${endWords[ended]}`
}

const endWords: Readonly<Record<Generated['ended'], string>> = {
  length: 'as long as was asked for',
  end: 'ends with the end of text',
  special: 'ends with a special token',
  context: 'ends where the model takes no more'
}
