import type { Client } from '../contract/rpc.ts'
import type { FigureHost } from '../figure/figure-content.ts'
import { cancelled, toLamellaError } from '../model/errors.ts'
import type { FigureFile } from '../model/figure-file.ts'
import { reportHtml, type PrintedFigure } from './report-html.ts'
import type { ReportedFigure, ReportedSession } from './reported-session.ts'
import { sessionReport } from './session-report.ts'

/** Files that a report can be, by the ending of their names. */
export const reportEndings = ['pdf', 'html'] as const
export type ReportEnding = (typeof reportEndings)[number]

/**
 * A report of a session as the bytes of a file, and letters of it that no font has.
 * @param client of the workbench that makes a PDF of it
 */
export async function reportContent(
  client: Client,
  { session, figures }: SessionWithFigures,
  ending: ReportEnding,
  host: Pick<FigureHost, 'svg' | 'fonts' | 'gzip'>,
  signal?: AbortSignal
): Promise<FigureFile> {
  const report = sessionReport(session, figures)
  const printed = await printedFigures(figures, host, signal)
  if (ending === 'html') {
    const page = await reportHtml(report, printed, host.fonts)
    return { bytes: new TextEncoder().encode(page), without: [] }
  }
  const packed = printed.map(async figure =>
    typeof figure === 'string'
      ? figure
      : { svg: await host.gzip(figure.svg), widthMm: figure.widthMm }
  )
  const lines = [report.subtitle, `Made by Lamella ${session.version}`]
  const request = { document: JSON.stringify(report), figures: await Promise.all(packed), lines }
  return client.call('report.file', request, signal && { signal })
}

/** What a report is made of. */
export interface SessionWithFigures {
  readonly session: ReportedSession
  /** In the order in which it shows them. */
  readonly figures: readonly ReportedFigure[]
}

async function printedFigures(
  figures: readonly ReportedFigure[],
  host: Pick<FigureHost, 'svg'>,
  signal?: AbortSignal
): Promise<(PrintedFigure | string)[]> {
  const printed: (PrintedFigure | string)[] = []
  for (const { drawn } of figures) {
    if (typeof drawn === 'string') printed.push(drawn)
    else {
      const { widthMm, heightMm } = drawn
      const svg = await host.svg(drawn, signal).catch(toLamellaError)
      if (signal?.aborted) throw cancelled()
      printed.push(typeof svg === 'string' ? { svg, widthMm, heightMm } : svg.message)
    }
  }
  return printed
}
