import type { AttentionFigureData } from '#common/figure/attention-figure.ts'
import type { ExportFormat } from '../stores/exports.ts'
import { figureFormats } from './figure-formats.ts'

/** The files that a head's map can be saved as; none while there is no map. */
export function headFormats(data: AttentionFigureData | null): ExportFormat[] {
  if (data === null) return []
  return figureFormats(data.title, async () => {
    const { attentionFigure } = await import('#common/figure/attention-figure.ts')
    return attentionFigure(data)
  })
}
