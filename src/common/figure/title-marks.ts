import type { Look } from './look.ts'
import { textMark, type TextMark } from './mark.ts'

/** Room for a title above all else. */
export const titleRoom = 28

/** The title of a figure; none where what stands around it says what it is. */
export function titleMarks(
  title: string | null,
  { sans, ink, size }: Pick<Look, 'sans' | 'ink' | 'size'>,
  place: Pick<TextMark, 'x' | 'y'> & Partial<Pick<TextMark, 'room'>>
): TextMark[] {
  if (title === null) return []
  return [textMark({ text: title, font: sans, size: size + 2, weight: 600, color: ink, ...place })]
}
