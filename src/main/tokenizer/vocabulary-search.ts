import { tokenKind, tokenKinds } from '#common/text/token-kinds.ts'
import { LamellaError } from '#common/model/errors.ts'
import { idToken, type Token } from '#common/model/token.ts'
import {
  lengthsApart,
  type VocabularyKind,
  type VocabularyListing,
  type VocabularyQuery
} from '#common/model/vocabulary.ts'
import { textScript } from '#common/text/text-script.ts'
import type { Tokenizer } from './encoder.ts'
import { withinTime } from './time-limit.ts'

/** Longest that one search may take, in ms: its pattern comes from a person, or from a session's file. */
const searchLimit = 500
const simpler =
  'The regular expression takes too long. Write one that repeats less within what it repeats.'

/** What is known of each id, once for all searches. */
interface Facts {
  /** [id]; undefined where no token has it */
  readonly tokens: readonly (Token | undefined)[]
  readonly kinds: readonly VocabularyKind[]
  readonly scripts: readonly (string | null)[]
  /** [id] in characters */
  readonly lengths: Int32Array
}

/**
 * Searches in a tokenizer's vocabulary.
 * @param rows of the embedding; null where that is not known
 */
export function vocabularySearch(
  tokenizer: Pick<Tokenizer, 'vocabularySize' | 'describe'>,
  rows: number | null
): (query: VocabularyQuery) => VocabularyListing {
  const facts = factsOf(tokenizer, rows)
  const { tokens, kinds, scripts, lengths } = facts
  const whole = {
    rows,
    tokens: tokens.filter(token => token !== undefined).length,
    kinds: counted(kinds),
    scripts: counted(scripts)
  }
  return query => {
    const matches = matcherOf(query, facts)
    const { kind, script, least, most, order, descending } = query
    const search = () => {
      const ids: number[] = []
      for (let id = 0; id < kinds.length; id++) {
        const length = lengths[id]!
        if (kind !== null && kinds[id] !== kind) continue
        if (script !== null && scripts[id] !== script) continue
        if (length < least || length > (most ?? Infinity)) continue
        if (matches(id)) ids.push(id)
      }
      if (order === 'length') ids.sort((a, b) => lengths[a]! - lengths[b]! || a - b)
      if (order === 'text') ids.sort((a, b) => compared(tokens[a], tokens[b]) || a - b)
      if (descending) ids.reverse()
      return ids
    }
    const found = withinTime(searchLimit, 'Searching the vocabulary', search, simpler)
    const histogram = Array<number>(lengthsApart + 1).fill(0)
    for (const id of found) histogram[Math.min(lengthsApart, lengths[id]!)]!++
    return { ...whole, ids: Int32Array.from(found), lengths: histogram }
  }
}

function factsOf(
  { vocabularySize, describe }: Pick<Tokenizer, 'vocabularySize' | 'describe'>,
  rows: number | null
): Facts {
  const size = Math.max(vocabularySize, rows ?? 0)
  const described = describe(Array.from({ length: size }, (_, id) => id))
  // An id of no token is described by its number; a token may be spelled like one all the same.
  const tokens = described.map((token, id) =>
    id >= vocabularySize || (token.piece === idToken(id).piece && token.text === token.piece)
      ? undefined
      : token
  )
  return {
    tokens,
    kinds: tokens.map((token, id): VocabularyKind => {
      if (token === undefined) return 'unused'
      return rows !== null && id >= rows ? 'beyond' : tokenKinds[tokenKind(token)]!
    }),
    scripts: tokens.map(token =>
      token === undefined || token.special ? null : textScript(token.text)
    ),
    lengths: Int32Array.from(tokens, token => (token === undefined ? 0 : [...token.text].length))
  }
}

/** @throws LamellaError `invalid-argument` for a pattern that is none */
function matcherOf(
  { search, pattern }: VocabularyQuery,
  { tokens }: Facts
): (id: number) => boolean {
  if (search === '') return () => true
  if (pattern) {
    const own = patternOf(search)
    return id => tokens[id] !== undefined && own.test(tokens[id].text)
  }
  const [, digits] = /^#(\d+)$/.exec(search.trim()) ?? []
  if (digits !== undefined) return id => id === Number(digits)
  const wanted = search.toLowerCase()
  return id => {
    const token = tokens[id]
    return (
      token !== undefined &&
      (token.text.toLowerCase().includes(wanted) || token.piece.toLowerCase().includes(wanted))
    )
  }
}

function patternOf(search: string): RegExp {
  try {
    return new RegExp(search, 'u')
  } catch (error) {
    throw new LamellaError(
      'invalid-argument',
      `${search}: no regular expression (${(error as Error).message.replace(/^.*: /, '')})`,
      'Write it as JavaScript does with the flag u, such as ^\\p{Lu}.'
    )
  }
}

function compared(a: Token | undefined, b: Token | undefined): number {
  const [one, other] = [a?.text ?? '', b?.text ?? '']
  return one < other ? -1 : one > other ? 1 : 0
}

function counted(names: readonly (string | null)[]): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Array.from(counts, ([name, count]) => ({ name, count })).toSorted(
    (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)
  )
}
