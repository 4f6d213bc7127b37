import { barRoom } from '../map-layout.ts'
import { mmOfPixels } from '../units.ts'

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
  /** Another one of its row has the bar of colours. */
  readonly bar?: false
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

/** A row of maps of which the last has the bar of colours of all: the rest of the width is shared as before. */
export function withRoomForBar(row: readonly PanelPlace[]): PanelPlace[] {
  const room = mmOfPixels(barRoom)
  const last = row.at(-1)!
  const maps = row.reduce((sum, { widthMm }) => sum + widthMm, 0)
  const share = (maps - room) / maps
  let leftMm = row[0]!.leftMm
  return row.map(place => {
    const isLast = place === last
    const widthMm = place.widthMm * share + (isLast ? room : 0)
    const own = { index: place.index, leftMm, widthMm, ...(!isLast && { bar: false as const }) }
    leftMm += widthMm + panelGapMm
    return own
  })
}
