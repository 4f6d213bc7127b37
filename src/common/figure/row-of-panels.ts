import type { Panel, RowPanel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark } from './mark.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

const captionRoom = 22
/** Between panels, in CSS pixels. */
export const rowGap = 24

/**
 * Panels from left to right as one, each under what tells it from the others.
 * @param title of all of them; null where each has its own
 */
export function rowOfPanels(
  title: string | null,
  parts: readonly { readonly caption: string; readonly panel: Panel }[],
  look: Look
): RowPanel {
  const top = captionRoom + (title === null ? 0 : titleRoom)
  let width = -rowGap
  const placed = parts.map(({ caption, panel }) => {
    const left = width + rowGap
    width = left + panel.width
    return { left, top, panel, caption }
  })
  return {
    kind: 'row',
    width: Math.max(1, width),
    height: top + Math.max(0, ...parts.map(({ panel }) => panel.height)),
    ratio: parts[0]?.panel.ratio ?? 1,
    paper: look.paper,
    parts: placed.map(({ left, top, panel }) => ({ left, top, panel })),
    marks: [
      ...titleMarks(title, look, { x: 8, y: 14, room: width - 16 }),
      ...placed.map(({ left, panel, caption }) =>
        textMark({
          text: caption,
          ...{ x: left + 8, y: top - captionRoom / 2, font: look.sans, size: look.size + 1 },
          ...{ weight: 600, color: look.ink, room: panel.width - 16 }
        })
      )
    ]
  }
}
