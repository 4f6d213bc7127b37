import type { Look } from './look.ts'

/** Room for the title of a chart, in CSS pixels. */
export const chartTitleRoom = 26

/**
 * The title of a chart, as a part of its option; nothing where what stands around it says what it is.
 * @param room of the chart, beyond which it is cut short
 */
export function chartTitle(title: string | null, look: Look, room: number) {
  if (title === null) return {}
  return {
    title: {
      text: title,
      ...{ left: 8, top: 8, padding: 0 },
      textStyle: {
        ...{ fontFamily: look.sans, fontSize: look.size + 2, fontWeight: 600, color: look.ink },
        ...{ width: room - 16, overflow: 'truncate' as const }
      }
    }
  } as const
}
