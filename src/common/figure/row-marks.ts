import type { Look } from './look.ts'
import { textMark, type RectMark, type TextMark } from './mark.ts'

/** What a row of a figure is called, beside it. */
export function rowName(
  text: string,
  { sans, size, ink }: Pick<Look, 'sans' | 'size' | 'ink'>,
  place: Pick<TextMark, 'x' | 'y' | 'align'> & Partial<Pick<TextMark, 'upright'>>
): TextMark {
  return textMark({ text, font: sans, size, color: ink, ...place })
}

/** A number of a row, behind it. @param end of the row */
export function behind(
  text: string,
  y: number,
  end: number,
  { sans, size, faint }: Pick<Look, 'sans' | 'size' | 'faint'>
): TextMark {
  return textMark({ text, x: end + 6, y, font: sans, size: size - 1, color: faint })
}

/** A rectangle without a line around it. */
export function filledRect(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string | null
): RectMark {
  return { kind: 'rect', x, y, width, height, fill, line: null }
}
