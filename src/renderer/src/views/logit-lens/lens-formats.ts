import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { gridColumns, tokenGrid } from '#common/figure/token-grid.ts'
import { lensNumbers, lensPartWords, lensTitle } from '#common/figure/views/lens-figure.ts'
import { runOrigin } from '#common/figure/views/origin.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { shadeParams } from '../../ui/shaded-text/shade-params.ts'
import type { ShownLens } from './use-lens.ts'

/** Texts of so many tokens are saved whole. */
export const wholeUpTo = 64

/** A lens, and what it is of. */
export interface LensToSave {
  readonly shown: ShownLens
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly look: Look
  readonly mirrored: boolean
  /** The columns that are on the screen. */
  readonly seen: { readonly first: number; readonly end: number }
  /** Of Lamella. */
  readonly version: string
}

/** The files that a lens can be saved as: its grid, of a long text what is seen of it, and all numbers. */
export function lensFormats({
  shown,
  modelName,
  look,
  mirrored,
  seen,
  version
}: LensToSave): ExportFormat[] {
  const { model, run, part, color, target, result, grid } = shown
  const place = `Logit lens of the ${lensPartWords[part]}`
  const isWhole = grid.tokens.length <= wholeUpTo
  const params = { part, by: color, token: target, mirrored, ...shadeParams(look) }
  const from: Provenance = {
    version,
    of: runOrigin(model, run, place),
    ...{ less: null, precision: 'float32' },
    again: { view: 'logit-lens', params }
  }
  const file = `${modelName} · logit lens · ${lensPartWords[part]}`
  const columns = isWhole ? { first: 0, end: grid.tokens.length } : seen
  const numbers = lensNumbers(result, { part, color, target })
  const data = () => ({
    ...gridColumns(grid, columns.first, columns.end),
    title: lensTitle(model, part, grid, columns),
    ...{ scrolled: null, marked: [], mirrored }
  })
  return [
    ...figureFormats(
      tokenGrid,
      file,
      data,
      { ...look, ...paperLook },
      {
        from: isWhole
          ? from
          : { ...from, again: { view: 'logit-lens', params: { ...params, ...columns } } },
        note: isWhole ? '' : 'the columns that are seen',
        dataset: () => numbers
      }
    ),
    ...dataFormats(file, numbers, from)
  ]
}
