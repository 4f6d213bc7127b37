import { titleLetters } from './bold-letters.ts'
import type { Panel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type TextMark } from './mark.ts'
import { linesInRoom, textWidth } from './text-width.ts'

/** Where what stands over a figure begins: its letter, its title, and that of a panel. */
export const titleLeft = 8
/** Room for a title of one line above all else. */
export const titleRoom = 28
/** What a title keeps from both sides of a figure at most. */
const edges = 28

/** The title of a figure; none where what stands around it says what it is. */
export function titleMarks(
  title: string | null,
  look: Pick<Look, 'sans' | 'ink' | 'size' | 'most'>,
  place: Pick<TextMark, 'x' | 'y'> & Partial<Pick<TextMark, 'room'>>
): TextMark[] {
  if (title === null) return []
  return [textMark({ ...titleLetters(look), text: title, color: look.ink, ...place })]
}

/** A title in the lines that it takes in a width; none of no title. */
export function titleLines(
  title: string | null,
  look: Pick<Look, 'sans' | 'size' | 'most'>,
  width: number
): string[] {
  if (title === null) return []
  return linesInRoom(title, width - edges, text => textWidth(text, titleLetters(look)))
}

/** From one line of a title to the next. */
export function titleLine(look: Pick<Look, 'sans' | 'size' | 'most'>): number {
  return Math.ceil(1.3 * titleLetters(look).size)
}

/**
 * A figure under the first lines of its title, which has room for the last of them.
 * @param panel with that one
 */
export function underTitle(lines: readonly string[], panel: Panel, look: Look): Panel {
  const above = lines.slice(0, -1)
  if (above.length === 0) return panel
  const last = panel.kind === 'chart' ? null : panel.marks.find(isLast)
  // Where a chart has it.
  const { x, y } = last ?? { x: titleLeft, y: 8 + titleLetters(look).size / 2 }
  const lower = above.length * titleLine(look)
  const { width, height, ratio } = panel
  return {
    ...{ kind: 'row', width, height: height + lower, ratio, paper: look.paper },
    parts: [{ left: 0, top: lower, panel }],
    marks: above.flatMap((line, i) =>
      titleMarks(line, look, { x, y: y + i * titleLine(look), room: width - 2 * x })
    )
  }

  function isLast(mark: Mark): mark is TextMark {
    return mark.kind === 'text' && mark.text === lines.at(-1) && mark.weight === 600
  }
}
