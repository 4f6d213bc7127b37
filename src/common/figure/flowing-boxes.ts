import { flowingParts, gapBefore } from '../text/flowing-parts.ts'
import type { WrittenToken } from '../text/written-tokens.ts'
import { textLetterSize, type ShadedTextData, type TextBox } from './shaded-text.ts'
import { monoWidth } from './text-width.ts'

/** From one line to the next, in CSS pixels. */
const lineHeight = 26

/** A token, or a part of it, before it has its place. */
interface Item extends Pick<TextBox, 'text' | 'kind' | 'group' | 'width'> {
  /** White space before it that is of no token. */
  readonly gap: number
  readonly endsLine: boolean
}

/**
 * A text as it flows in lines of some width, by the reckoned widths of its letters: where there is no page to lay it out.
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
): Pick<ShadedTextData, 'boxes' | 'room'> {
  const boxes: TextBox[] = []
  let [x, y] = [0, 0]
  const newLine = () => {
    x = 0
    y += lineHeight
  }
  for (const word of wordsOf(itemsOf(tokens, groupOf, text))) {
    const letters = word.reduce((sum, item) => sum + item.gap + item.width, 0)
    const seen = letters - trailing(word.at(-1)!)
    if (x > 0 && x + seen > width) newLine()
    for (const { gap, endsLine, ...item } of word) {
      // One that is wider than a line goes on in the next.
      if (x > 0 && x + gap + item.width - trailing(item) > width) newLine()
      const left = x === 0 ? 0 : x + gap
      boxes.push({
        ...item,
        x: mirrored ? width - left - item.width : left,
        ...{ y, height: lineHeight }
      })
      x = left + item.width
      if (endsLine) newLine()
    }
  }
  return { boxes, room: { width, height: y + lineHeight } }
}

function itemsOf(
  tokens: readonly WrittenToken[],
  groupOf: ArrayLike<number>,
  text: string | null
): Item[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1]
    const space = before === undefined ? '' : gapBefore(token, before, text)
    const parts = flowingParts(token).flatMap(({ text: letters, kind }) =>
      // A line ends where a newline's sign stands.
      letters.split(/(?<=\n)/).map(line => ({
        text: line.replace('\n', ''),
        kind: token.special ? ('special' as const) : kind,
        endsLine: line.endsWith('\n')
      }))
    )
    return parts.map((part, i) => ({
      ...part,
      group: groupOf[at]!,
      width: monoWidth(part.text, textLetterSize),
      gap: i === 0 ? monoWidth(space, textLetterSize) : 0
    }))
  })
}

/** Items between which no line is ended. */
function wordsOf(items: readonly Item[]): Item[][] {
  const words: Item[][] = []
  let ended = true
  for (const item of items) {
    if (ended || item.gap > 0 || /^\s/.test(item.text)) words.push([])
    words.at(-1)!.push(item)
    ended = item.endsLine || /\s$/.test(item.text)
  }
  return words
}

/** What of an item is white space at its end, which may hang over. */
function trailing({ text }: Pick<Item, 'text'>): number {
  return monoWidth(/\s*$/.exec(text)![0], textLetterSize)
}
