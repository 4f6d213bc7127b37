import { headingLetters } from './bold-letters.ts'
import type { Panel, RowPanel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark } from './mark.ts'
import { linesInRoom, textWidth } from './text-width.ts'
import { titleLeft, titleMarks, titleRoom } from './title-marks.ts'

/** For what stands above a panel in one line, in CSS pixels. */
const captionRoom = 22
/** Between panels, in CSS pixels. */
export const rowGap = 24

interface Named {
  readonly caption: string
  readonly panel: Panel
}

/** One at its place, which is that of the room for what stands above it. */
interface Placed extends Named {
  readonly left: number
  readonly top: number
  readonly room: number
}

/**
 * Panels from left to right as one, each under what tells it from the others.
 * @param title of all of them, of one line; null where each has its own
 * @param least how wide all of it is at least
 */
export function rowOfPanels(
  title: string | null,
  parts: readonly Named[],
  look: Look,
  least = 0
): RowPanel {
  const widths = parts.map(({ panel }) => panel.width)
  const room = captionsRoom(
    parts.map(({ caption }) => caption),
    widths,
    look
  )
  let left = 0
  const placed = parts.map(part => {
    const at = { left, top: 0, room, ...part }
    left += part.panel.width + rowGap
    return at
  })
  return together(title, placed, look, least)
}

/** The same one below the other. */
export function columnOfPanels(
  title: string | null,
  parts: readonly Named[],
  look: Look,
  least = 0
): RowPanel {
  let top = 0
  const placed = parts.map(part => {
    const { caption, panel } = part
    const at = { left: 0, top, room: captionsRoom([caption], [panel.width], look), ...part }
    top += at.room + panel.height
    return at
  })
  return together(title, placed, look, least)
}

/** What stands above panels of such widths beside each other, in as many lines as that takes. */
export function captionsRoom(
  captions: readonly string[],
  widths: readonly number[],
  look: Look
): number {
  const lines = captions.map((caption, i) => captionLines(caption, widths[i]!, look).length)
  return captionRoom + (Math.max(1, ...lines) - 1) * captionLine(look)
}

function captionLines(caption: string, width: number, look: Look): string[] {
  return linesInRoom(caption, width - 2 * titleLeft, text => textWidth(text, headingLetters(look)))
}

function captionLine(look: Look): number {
  return Math.ceil(1.3 * headingLetters(look).size)
}

function together(
  title: string | null,
  placed: readonly Placed[],
  look: Look,
  least: number
): RowPanel {
  const above = title === null ? 0 : titleRoom
  const width = Math.max(1, least, ...placed.map(({ left, panel }) => left + panel.width))
  const bottom = Math.max(0, ...placed.map(({ top, room, panel }) => top + room + panel.height))
  return {
    kind: 'row',
    width,
    height: above + bottom,
    ratio: placed[0]?.panel.ratio ?? 1,
    paper: look.paper,
    parts: placed.map(({ left, top, room, panel }) => ({ left, top: above + top + room, panel })),
    marks: [
      ...titleMarks(title, look, { x: titleLeft, y: 14, room: width - 2 * titleLeft }),
      ...placed.flatMap(({ left, top, panel, caption }) =>
        captionLines(caption, panel.width, look).map((text, i) =>
          textMark({
            ...{
              ...headingLetters(look),
              text,
              x: left + titleLeft,
              color: look.ink,
              room: panel.width - 2 * titleLeft
            },
            y: above + top + captionRoom / 2 + i * captionLine(look)
          })
        )
      )
    ]
  }
}
