import type { FigureToDraw } from '#common/figure/figure-svg.ts'
import type { FigureFile, FigureFileRequest, ReportFileRequest } from '#common/model/figure-file.ts'
import { oneCall } from '../threads/one-call.ts'

/** What a thread that draws does. */
export interface FigureCalls {
  file: { argument: FigureFileRequest; result: FigureFile }
  report: { argument: ReportFileRequest; result: FigureFile }
  svg: { argument: FigureToDraw; result: string }
  spots: { argument: FigureToDraw; result: string }
}

/** Files of figures and reports, each made in a thread of its own. */
export interface FigureFiles {
  /** @throws LamellaError why it cannot be made; what `signal` is aborted with */
  file(request: FigureFileRequest, signal: AbortSignal): Promise<FigureFile>
  /** The same of a report. */
  report(request: ReportFileRequest, signal: AbortSignal): Promise<FigureFile>
}

/** @param entry the module that a thread runs */
export function createFigureFiles(entry: string): FigureFiles {
  const made = <M extends 'file' | 'report'>(
    method: M,
    request: FigureCalls[M]['argument'],
    signal: AbortSignal
  ) =>
    oneCall<FigureCalls, M>(
      entry,
      { name: 'Lamella figure', does: 'draws it' },
      method,
      request,
      signal
    )
  return {
    file: (request, signal) => made('file', request, signal),
    report: (request, signal) => made('report', request, signal)
  }
}
