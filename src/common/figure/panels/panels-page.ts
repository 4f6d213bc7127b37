import type { PlottedPage } from '../notebook/plotted-page.ts'
import type { FigureWish } from '../presets.ts'
import { drawnPanels, type OpenedPanel } from './drawn-panels.ts'
import { panelHeading } from './panel-letter.ts'
import type { SessionFigure } from './session-figure.ts'

/**
 * A page of panels as a notebook draws it: each where it stands as it is printed.
 * @param asked as {@link drawnPanels} takes it
 */
export function panelsPage(
  figure: SessionFigure,
  panels: readonly OpenedPanel[],
  asked?: FigureWish
): PlottedPage {
  const { panel, points, boxes, wish } = drawnPanels(figure, panels, asked)
  return {
    ...{ width: panel.width, height: panel.height, points, hasSerifs: wish.font !== 'sans' },
    panels: panels.map(({ drawing, title }, i) => {
      const { bar, ...box } = boxes[i]!
      const own = panel.parts[i]!
      // In a row all have the room of the highest.
      const height = own.top - box.top + own.panel.height
      const kept = typeof drawing === 'string' ? drawing : drawing.kept()
      return {
        ...{ ...box, height },
        heading: panelHeading(i, figure.lettering, title),
        drawing: kept ?? '',
        ...(bar !== undefined && { bar })
      }
    })
  }
}
