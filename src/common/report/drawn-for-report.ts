import type { DrawnFigure } from '../figure/drawn-figure.ts'
import { plainWish, type FigureWish } from '../figure/presets.ts'

/** How wide the text of a report stands on its pages, in millimetres: 430 pt. */
export const reportWidthMm = (430 / 72) * 25.4

/** A figure as it is on the screen; one that is wider than a report's text is drawn anew, as wide as that. */
export function drawnForReport(draw: (wish: FigureWish) => DrawnFigure): DrawnFigure {
  const own = draw(plainWish)
  return own.widthMm <= reportWidthMm ? own : draw({ ...plainWish, widthMm: reportWidthMm })
}
