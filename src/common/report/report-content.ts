import type { FigureHost } from '../figure/figure-content.ts'
import { toLamellaError } from '../model/errors.ts'
import type { FigureFile } from '../model/figure-file.ts'
import { reportHtml, type PrintedFigure } from './report-html.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'
import { sessionReport } from './session-report.ts'

/** Files that a report can be, by the ending of their names. */
export const reportEndings = ['html'] as const
export type ReportEnding = (typeof reportEndings)[number]

/** A report of a session as the bytes of a file. */
export async function reportContent(
  session: ReportedSession,
  figures: readonly ReportedFigure[],
  host: Pick<FigureHost, 'svg' | 'fonts'>
): Promise<FigureFile> {
  const report = sessionReport(session, figures)
  const printed = await printedFigures(figures, host)
  const page = await reportHtml(report, printed, host.fonts)
  return { bytes: new TextEncoder().encode(page), without: [] }
}

async function printedFigures(
  figures: readonly ReportedFigure[],
  host: Pick<FigureHost, 'svg'>
): Promise<(PrintedFigure | string)[]> {
  const printed: (PrintedFigure | string)[] = []
  for (const { drawn } of figures) {
    if (typeof drawn === 'string') printed.push(drawn)
    else {
      const { widthMm, heightMm } = drawn
      const svg = await host.svg(drawn).catch(toLamellaError)
      printed.push(typeof svg === 'string' ? { svg, widthMm, heightMm } : svg.message)
    }
  }
  return printed
}
