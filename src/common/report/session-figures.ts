import type { Client } from '../contract/rpc.ts'
import { drawnPanels } from '../figure/panels/drawn-panels.ts'
import { openedFigure } from '../figure/panels/opened-figure.ts'
import { sessionFigures } from '../figure/panels/session-figure.ts'
import { toLamellaError } from '../model/errors.ts'
import { inItsDirection } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { keptPatterns, type KeptRuns } from './kept-patterns.ts'
import { keptResults, type KeptNumbers } from './kept-results.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'

/**
 * The figures of a report: those that a session keeps, the patterns of its runs and what analyses came to. All are drawn of what it keeps, and no
 * model is needed for it.
 * @param id of the session's file, as it is open; null where it has none
 */
export async function reportFigures(
  client: Client,
  session: ReportedSession,
  id: string | null
): Promise<ReportedFigure[]> {
  const own = await keptFigures(session)
  if (id === null) return own
  const read: KeptRuns & KeptNumbers = {
    run: source => client.call('sessions.run', { id, source }),
    value: (source, hook) => client.call('sessions.value', { id, source, hook }),
    result: request => client.call('sessions.result', { id, request })
  }
  return [...own, ...(await keptPatterns(session, read)), ...(await keptResults(session, read))]
}

/** The figures that a session keeps, in their own widths. */
async function keptFigures({
  content,
  file,
  version
}: Pick<ReportedSession, 'content' | 'file' | 'version'>): Promise<ReportedFigure[]> {
  const figures: ReportedFigure[] = []
  for (const figure of sessionFigures(content.figures)) {
    const { panels, from } = await openedFigure(figure, { session: file, version })
    figures.push({
      ...{ name: inItsDirection(visibleText(figure.name)), from },
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
