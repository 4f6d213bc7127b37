/** Between panels beside each other, in millimetres. */
export const panelGapMm = 4
/** Between rows of panels. */
export const rowGapMm = 3.5

/** A panel in its row. */
export interface PanelPlace {
  /** Its place among all panels. */
  readonly index: number
  readonly leftMm: number
  readonly widthMm: number
}

/**
 * Panels in rows, from left to right: one that does not fit beside those before it begins the next row.
 * @param spans how many columns each takes
 * @param columns of the page
 * @param widthMm of the page
 */
export function panelRows(
  spans: readonly number[],
  columns: number,
  widthMm: number
): PanelPlace[][] {
  const step = (widthMm + panelGapMm) / columns
  const rows: PanelPlace[][] = []
  let taken = Infinity
  spans.forEach((wanted, index) => {
    const span = Math.min(wanted, columns)
    if (taken + span > columns + 1e-6) {
      rows.push([])
      taken = 0
    }
    // A narrow column leaves less than the gap.
    const width = Math.max(1, span * step - panelGapMm)
    rows.at(-1)!.push({ index, leftMm: taken * step, widthMm: width })
    taken += span
  })
  return rows
}

/** A panel as large as it is drawn, in CSS pixels. */
interface SizedPanel {
  readonly left: number
  readonly width: number
  /** For what stands above it. */
  readonly room: number
  readonly panel: { readonly height: number }
}

/** Where panels stand, in their order, and how high all of them are, in CSS pixels. */
export interface Standing {
  readonly panels: readonly {
    readonly left: number
    readonly top: number
    /** Above it, in its height. */
    readonly room: number
    readonly height: number
  }[]
  readonly height: number
}

/** Panels in rows, each as high as the highest of it. @param gap between rows */
export function inRows(rows: readonly (readonly SizedPanel[])[], gap: number): Standing {
  let top = 0
  const panels = rows.flatMap((row, i) => {
    if (i > 0) top += gap
    const at = top
    const room = roomAbove(row)
    const height = room + Math.max(...row.map(({ panel }) => panel.height))
    top += height
    return row.map(({ left }) => ({ left, top: at, room, height }))
  })
  return { panels, height: top }
}

/** For what stands above panels that begin beside each other: their maps do, too, however many lines that takes above each. */
function roomAbove(row: readonly SizedPanel[]): number {
  return Math.max(...row.map(({ room }) => room))
}

/**
 * The same as close as they fit: each as far up as it can stand, and there as far to the left, but no higher than the one before it, so
 * that their letters are read from the top to the foot.
 * @param width of the page
 */
export function packed(
  rows: readonly (readonly SizedPanel[])[],
  width: number,
  gaps: { readonly across: number; readonly down: number }
): Standing {
  const placed: { left: number; right: number; top: number; room: number; height: number }[] = []
  const all = rows.flatMap(row => row.map(own => ({ ...own, room: roomAbove(row) })))
  for (const { width: own, room, panel } of all) {
    const last = placed.at(-1)
    const before = last?.top ?? 0
    const lefts = [0, ...placed.map(({ right }) => right + gaps.across)]
    const places = lefts
      .filter(left => left === 0 || left + own <= width + slack)
      .map(left => {
        const over = placed.filter(
          other =>
            other.left < left + own + gaps.across - slack &&
            other.right + gaps.across - slack > left
        )
        const top = Math.max(before, ...over.map(({ top, height }) => top + height + gaps.down))
        return { left, top }
      })
      // At the height of the one before it is read after that at its right alone.
      .filter(({ left, top }) => last === undefined || top > before + slack || left > last.left)
      .sort((a, b) => a.top - b.top || a.left - b.left)
    const below = Math.max(0, ...placed.map(({ top, height }) => top + height + gaps.down))
    const { left, top } = places[0] ?? { left: 0, top: below }
    placed.push({ left, right: left + own, top, room, height: room + panel.height })
  }
  return { panels: placed, height: Math.max(0, ...placed.map(({ top, height }) => top + height)) }
}

/** Of rounding, in CSS pixels. */
const slack = 0.01

/** Rows, whose panels stand beside each other, unless they leave holes: then what is a tenth lower, or more. */
export function closer(rows: Standing, close: Standing): Standing {
  return close.height <= 0.9 * rows.height ? close : rows
}
