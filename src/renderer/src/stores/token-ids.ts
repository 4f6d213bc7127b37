import type { RunInput } from '#common/model/run-input.ts'
import { idToken, type Token } from '#common/model/token.ts'

/** Token ids as they were typed, and what is wrong with those that are none. */
export interface TypedIds {
  readonly tokens: readonly Token[]
  /** One line each, such as `“a” is not a number`. */
  readonly problems: readonly string[]
}

/**
 * Reads ids such as `5, 17, 3`; spaces, commas and brackets divide them, as other programs print lists.
 * @param dVocab ids are below it
 */
export function typedIds(text: string, dVocab: number): TypedIds {
  const tokens: Token[] = []
  const problems: string[] = []
  for (const match of text.matchAll(/[^\s,;[\]()]+/g)) {
    const [word] = match
    const id = Number(word)
    if (!/^-?\d+$/.test(word)) problems.push(`“${word}” is not a whole number`)
    else if (id < 0 || id >= dVocab)
      problems.push(`${word} is outside 0…${(dVocab - 1).toLocaleString('en-US')}`)
    else tokens.push(token(id, match.index, match.index + word.length))
  }
  return { tokens, problems }
}

/** An input as the ids that its text lists. */
export function idsOf(input: RunInput): RunInput {
  if (!('text' in input)) return input
  return { ids: typedIds(input.text, Infinity).tokens.map(({ id }) => id) }
}

/** Random ids, twice over: on a text that repeats itself, heads show how they copy. */
export function repeatedIds(dVocab: number, nCtx: number, random = Math.random): string {
  const length = Math.max(1, Math.min(12, Math.floor(nCtx / 2)))
  const ids = Array.from({ length }, () => Math.floor(random() * dVocab))
  return [...ids, ...ids].slice(0, nCtx).join(', ')
}

function token(id: number, start: number, end: number): Token {
  return { ...idToken(id), start, end }
}
