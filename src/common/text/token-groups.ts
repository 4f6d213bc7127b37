import type { Token } from '../model/token.ts'
import type { WrittenToken } from './written-tokens.ts'

/** What tokens are taken together to. */
export const tokenUnits = ['token', 'word', 'grapheme'] as const
export type TokenUnit = (typeof tokenUnits)[number]

/** Neighbouring tokens that are taken as one: from `start`, before `end`. */
export interface TokenGroup {
  readonly start: number
  readonly end: number
}

type Placed = Pick<Token, 'start' | 'end' | 'special'>

/**
 * The tokens of a text as they are, or those of a word, or of a grapheme, taken together. Words are what stands between
 * white space, with their punctuation; graphemes are what a reader takes for one letter. Special tokens stay alone, and
 * pieces of one character stay together.
 * @param text that the tokens' offsets are of; null where there is none, and so only tokens
 * @source Unicode Standard Annex 29, section 3, as Intl.Segmenter has it
 */
export function tokenGroups(
  tokens: readonly Placed[],
  text: string | null,
  unit: TokenUnit
): TokenGroup[] {
  const parts = text === null || unit === 'token' ? () => true : partsBy(text, unit)
  const groups: { start: number; end: number }[] = []
  tokens.forEach((token, i) => {
    const before = tokens[i - 1]
    const last = groups.at(-1)
    const apart = !before || before.special || token.special || parts(before, token)
    if (apart || !last) groups.push({ start: i, end: i + 1 })
    else last.end = i + 1
  })
  return groups
}

/** The group that each token is in. */
export function groupOfToken(groups: readonly TokenGroup[]): Int32Array {
  const result = new Int32Array(groups.at(-1)?.end ?? 0)
  groups.forEach(({ start, end }, group) => result.fill(group, start, end))
  return result
}

/** Tokens that are taken together, as one. */
export function groupToken(
  tokens: readonly WrittenToken[],
  { start, end }: TokenGroup
): WrittenToken {
  const [first, ...others] = tokens.slice(start, end)
  return others.reduce(
    (all, { piece, text, end }) => ({
      ...all,
      piece: all.piece + piece,
      text: all.text + text,
      end
    }),
    first!
  )
}

/** Whether two neighbours are of two words, or of two graphemes. */
function partsBy(text: string, unit: 'word' | 'grapheme'): (a: Placed, b: Placed) => boolean {
  if (unit === 'word')
    return (a, b) => {
      if (b.start < a.end) return false
      if (/\s/.test(text.slice(a.end, b.start))) return true
      const [last, first] = [text.slice(a.start, a.end).at(-1), text.slice(b.start, b.end)[0]]
      return last !== undefined && first !== undefined && /\s/.test(last) !== /\s/.test(first)
    }
  const starts = new Set<number>()
  for (const { index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text))
    starts.add(index)
  return (a, b) => b.start >= a.end && (b.start > a.end || starts.has(b.start))
}
