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
