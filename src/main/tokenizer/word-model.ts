import type { ExplainedPart } from '#common/model/text-explanation.ts'
import { LamellaError } from '#common/model/errors.ts'
import { sourceSpan, type AlignedText } from './aligned-text.ts'

/** One token of a word and the source span it came from. */
export interface PlacedId {
  readonly id: number
  readonly start: number
  readonly end: number
  /** It stands in for what the vocabulary does not have. */
  readonly unknown?: true
}

/** A part of a word, in its units. */
export interface WordPart {
  /** Undefined where the vocabulary has no token for it, nor one for what is unknown. */
  readonly id: number | undefined
  readonly from: number
  readonly to: number
  readonly unknown?: true
}

/** How a model splits one word. */
export interface WordModel {
  split(word: string): readonly WordPart[]
  explain(word: string): Pick<ExplainedPart, 'merges' | 'path'>
}

/**
 * The tokens of a word, where they lie in the source.
 * @throws LamellaError `invalid-argument` for what has no token
 */
export function placedParts(model: WordModel, word: AlignedText): PlacedId[] {
  return model.split(word.text).map(({ id, from, to, unknown }) => ({
    id: id ?? noToken(word, from, to),
    ...sourceSpan(word, from, to),
    ...(unknown && { unknown })
  }))
}

function noToken(word: AlignedText, from: number, to: number): never {
  const unknown = word.text.slice(from, to)
  const code = unknown.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  const what =
    [...unknown].length === 1 ? `${JSON.stringify(unknown)} (U+${code})` : JSON.stringify(unknown)
  throw new LamellaError(
    'invalid-argument',
    `The vocabulary has no token for ${what} at position ${sourceSpan(word, from, to).start}`,
    'Leave it out, or type another character'
  )
}
