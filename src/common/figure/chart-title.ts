import { titleLetters } from './bold-letters.ts'
import type { Look } from './look.ts'
import { cutToRoom, textWidth } from './text-width.ts'

/** Room for the title of a chart, in CSS pixels. */
export const chartTitleRoom = 26

/**
 * The title of a chart, as a part of its option; nothing where what stands around it says what it is.
 * @param room of the chart, beyond which it is cut short
 */
export function chartTitle(title: string | null, look: Look, room: number) {
  if (title === null) return {}
  const letters = titleLetters(look)
  const { font, size, weight } = letters
  return {
    title: {
      text: cutToRoom(title, room - 16, own => textWidth(own, letters)),
      ...{ left: 8, top: 8, padding: 0 },
      textStyle: { fontFamily: font, fontSize: size, fontWeight: weight, color: look.ink }
    }
  } as const
}
