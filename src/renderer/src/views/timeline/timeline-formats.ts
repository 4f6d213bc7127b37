import { paperLook, type Look } from '#common/figure/look.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import { timelineFigure, trainingName } from '#common/figure/views/timeline-view.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { TimelineOptions } from './timeline-options.ts'
import type { ShownTimeline } from './use-timeline.ts'

/** The files that a timeline can be saved as. */
export function timelineFormats(
  { model, run, number, params, result, over }: ShownTimeline,
  { by, log, line }: Pick<TimelineOptions, 'by' | 'log'> & { readonly line: string | null },
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { of } = number
  const read = over === null || run === null ? null : readOfRun(run, over)
  const figure = timelineFigure(model, result, { of, params, by, log, line }, read, version)
  const { from, dataset } = figure
  const onPaper = { ...look, ...paperLook, range: { low: 0, high: 1 } }
  const title = `${trainingName(result)} · ${figure.what}`
  return [
    ...figureFormats(figure.kind, title, figure.data, onPaper, { from, dataset }),
    ...dataFormats(title, dataset(), from)
  ]
}
