import { drawnPanels } from '../figure/panels/drawn-panels.ts'
import { openedFigure } from '../figure/panels/opened-figure.ts'
import { sessionFigures } from '../figure/panels/session-figure.ts'
import { toLamellaError } from '../model/errors.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'

/** The figures that a session keeps, drawn in their own widths of what it keeps of them: no model is needed for it. */
export async function keptFigures({
  content,
  file,
  version
}: Pick<ReportedSession, 'content' | 'file' | 'version'>): Promise<ReportedFigure[]> {
  const figures: ReportedFigure[] = []
  for (const figure of sessionFigures(content.figures)) {
    const { panels, from } = await openedFigure(figure, { session: file, version })
    figures.push({
      ...{ name: figure.name, from },
      drawn: panels.length === 0 ? 'It has no panel yet.' : drawn(figure, panels)
    })
  }
  return figures
}

/** What a stranger's file says may be drawn in no way. */
function drawn(...of: Parameters<typeof drawnPanels>): ReportedFigure['drawn'] {
  try {
    return drawnPanels(...of)
  } catch (thrown) {
    return toLamellaError(thrown).message
  }
}
