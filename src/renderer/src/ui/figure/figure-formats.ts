import type { Dataset } from '#common/data/dataset.ts'
import { drawing } from '#common/figure/drawing.ts'
import type { FigureKind, Size } from '#common/figure/figure-kind.ts'
import type { Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { SavedFigure } from '../../stores/exports.ts'

export interface FormatWishes {
  /** What of it is saved, where there is more than one answer. */
  readonly note?: string
  /** Where it comes from, for the file to say. */
  readonly from: Provenance
  /** The numbers that it draws. */
  readonly dataset: () => Dataset
  /** The room it is given; its own where it is left out. */
  readonly size?: Size
}

/**
 * A figure of a view, to be saved.
 * @param title name of its files, without an ending
 * @param data or what gives it, once it is saved
 */
export function figureFormats<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  title: string,
  data: D | (() => D),
  look: Look,
  { note = '', size, from, dataset }: FormatWishes
): SavedFigure[] {
  return [
    {
      is: 'figure',
      title,
      note,
      from,
      dataset,
      ...drawing(kind, data, look, size)
    }
  ]
}
