import type { Panel, RowPanel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark } from './mark.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

/** For what stands above a panel, in CSS pixels. */
export const captionRoom = 22
/** Between panels, in CSS pixels. */
export const rowGap = 24

interface Named {
  readonly caption: string
  readonly panel: Panel
}

/**
 * Panels from left to right as one, each under what tells it from the others.
 * @param title of all of them; null where each has its own
 */
export function rowOfPanels(title: string | null, parts: readonly Named[], look: Look): RowPanel {
  let left = 0
  const placed = parts.map(part => {
    const at = { left, top: 0, ...part }
    left += part.panel.width + rowGap
    return at
  })
  return together(title, placed, look)
}

/** The same one below the other. */
export function columnOfPanels(
  title: string | null,
  parts: readonly Named[],
  look: Look
): RowPanel {
  let top = 0
  const placed = parts.map(part => {
    const at = { left: 0, top, ...part }
    top += captionRoom + part.panel.height
    return at
  })
  return together(title, placed, look)
}

/** @param placed where the room of each begins, with what is over it */
function together(
  title: string | null,
  placed: readonly (Named & { readonly left: number; readonly top: number })[],
  look: Look
): RowPanel {
  const above = captionRoom + (title === null ? 0 : titleRoom)
  const width = Math.max(0, ...placed.map(({ left, panel }) => left + panel.width))
  const bottom = Math.max(0, ...placed.map(({ top, panel }) => top + panel.height))
  return {
    kind: 'row',
    width: Math.max(1, width),
    height: above + bottom,
    ratio: placed[0]?.panel.ratio ?? 1,
    paper: look.paper,
    parts: placed.map(({ left, top, panel }) => ({ left, top: above + top, panel })),
    marks: [
      ...titleMarks(title, look, { x: 8, y: 14, room: width - 16 }),
      ...placed.map(({ left, top, panel, caption }) =>
        textMark({
          text: caption,
          ...{ x: left + 8, y: above + top - captionRoom / 2, font: look.sans },
          ...{ size: look.size + 1, weight: 600, color: look.ink, room: panel.width - 16 }
        })
      )
    ]
  }
}
