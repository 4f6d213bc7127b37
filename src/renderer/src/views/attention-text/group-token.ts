import type { TokenGroup } from '#common/text/token-groups.ts'
import type { WrittenToken } from '#common/text/written-tokens.ts'

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
