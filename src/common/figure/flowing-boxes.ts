import { flowingParts, gapBefore } from '../text/flowing-parts.ts'
import type { WrittenToken } from '../text/written-tokens.ts'
import { textLetterSize } from './shaded-text.ts'
import { flowingText, type FlowingPart, type FlowingText } from './text-flow.ts'

/**
 * Tokens of a text as they flow in lines of some width.
 * @param groupOf the group of each token
 * @param text that the tokens' offsets are of; null where only ids were given
 * @param width of the lines, in CSS pixels
 * @param mirrored whether it runs from right to left
 */
export function flowingBoxes(
  tokens: readonly WrittenToken[],
  groupOf: ArrayLike<number>,
  text: string | null,
  width: number,
  mirrored: boolean
): FlowingText {
  const parts = tokens.flatMap((token, at): FlowingPart[] => {
    const before = tokens[at - 1]
    const gap = before === undefined ? '' : gapBefore(token, before, text)
    const written = flowingParts(token).flatMap(({ text: letters, kind }) =>
      letters.split(/(?<=\n)/).map(line => ({
        text: line.replace('\n', ''),
        kind: token.special ? ('special' as const) : kind,
        endsLine: line.endsWith('\n')
      }))
    )
    return written.map((part, i) => ({
      ...{ ...part, group: groupOf[at]! },
      ...(i === 0 && gap !== '' && { gap })
    }))
  })
  return flowingText(parts, { width, size: textLetterSize, mirrored })
}
