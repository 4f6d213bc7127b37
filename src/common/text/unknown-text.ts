import type { RunInput } from '../model/run-input.ts'
import type { Token } from '../model/token.ts'
import { exactCount } from './number-text.ts'
import { visibleText } from './visible-text.ts'

/** Tokens that stand in for characters that the vocabulary does not have: how many, and what some of them are read as. */
export interface UnknownCount {
  readonly tokens: number
  /** What they are read as, each once. */
  readonly texts: readonly string[]
}

/** Texts that are named; of more it is said that there are more. */
const mostNamed = 5

/** The same with the unknown ones among some more tokens. */
export function withUnknown(before: UnknownCount, tokens: readonly Token[]): UnknownCount {
  const unknown = tokens.filter(token => token.unknown)
  if (unknown.length === 0) return before
  const texts = new Set([...before.texts, ...unknown.map(({ text }) => text)])
  return { tokens: before.tokens + unknown.length, texts: [...texts].slice(0, mostNamed + 1) }
}

/** In a line: `2 tokens stand in for characters that the vocabulary does not have, read as "[UNK]"`; null for none. */
export function unknownText({ tokens, texts }: UnknownCount): string | null {
  if (tokens === 0) return null
  const some = tokens === 1 ? 'token stands' : 'tokens stand'
  const named = texts.slice(0, mostNamed).map(text => JSON.stringify(text))
  const more = texts.length > mostNamed ? ' and others' : ''
  return `${exactCount(tokens)} ${some} in for characters that the vocabulary does not have, read as ${named.join(', ')}${more}`
}

/**
 * Which characters of a text the model reads as others, in words that stand after “Not in the vocabulary:”, such as
 * `"_", "1", read as "\n", marked by ?`; null where it reads all as they are written.
 */
export function unknownWritten(input: RunInput | null, tokens: readonly Token[]): string | null {
  const unknown = tokens.filter(token => token.unknown)
  if (input === null || !('text' in input) || unknown.length === 0) return null
  const named = (texts: readonly string[]) => {
    const all = [...new Set(texts)]
    const some = all.slice(0, mostNamed).map(text => JSON.stringify(text))
    return `${some.join(', ')}${all.length > mostNamed ? ' and others' : ''}`
  }
  const written = named(unknown.map(({ start, end }) => input.text.slice(start, end)))
  return `${written}, read as ${named(unknown.map(({ text }) => text))}, marked by ?`
}

/**
 * How many characters, or longer pieces, of a text the vocabulary does not have, and which, such as
 * `2 characters are not in the vocabulary: ש ל`; null where it has all.
 * @param of whose vocabulary it is; left out where that needs no word
 */
export function unknownPieces(text: string, tokens: readonly Token[], of?: string): string | null {
  const all = tokens
    .filter(({ unknown }) => unknown)
    .map(({ start, end }) => text.slice(start, end))
  if (all.length === 0) return null
  const noun = all.every(piece => [...piece].length === 1) ? 'character' : 'piece'
  const count = all.length === 1 ? `1 ${noun} is` : `${exactCount(all.length)} ${noun}s are`
  const whose = of === undefined ? '' : ` of ${of}`
  const pieces = [...new Set(all.map(visibleText))]
  const more = pieces.length - mostPieces
  const named = pieces.slice(0, mostPieces).join(' ')
  return `${count} not in the vocabulary${whose}: ${named}${more > 0 ? ` and ${more} more` : ''}`
}
const mostPieces = 3
