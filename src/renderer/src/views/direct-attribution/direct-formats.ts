import { paperLook, type Look } from '#common/figure/look.ts'
import { rangeOf } from '#common/figure/heat-map-pixels.ts'
import { shadedText } from '#common/figure/shaded-text.ts'
import {
  directFigure,
  directHeadsFigure,
  directTextFigure,
  directTokensFigure,
  type FiguredDirect
} from '#common/figure/views/direct-figures.ts'
import type { FlowingText } from '#common/figure/text-flow.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { lookParams, plainLook } from '#common/figure/views/look-params.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'

/** A logit that was taken apart, as it is shown. */
export interface DirectToSave {
  readonly direct: FiguredDirect
  readonly head: { readonly layer: number; readonly head: number } | null
  /** What its model is called among those that are open. */
  readonly modelName: string
  /** Of the text. */
  readonly look: Look
  /** The text as it flows now. */
  readonly seen: FlowingText
  /** Of Lamella. */
  readonly version: string
}

/** The files that it can be saved as: the sum, heads, neurons, the text with its bars, and all numbers. */
export function directFormats(saved: DirectToSave): ExportFormat[] {
  const { direct, head, modelName, look, seen, version } = saved
  const { mirrored, room } = seen
  const plain: Look = { ...plainLook, ...paperLook }
  const save = <D extends { readonly title: string | null }>(
    { kind, what, data, from, dataset }: ViewFigure<D, Provenance>,
    look: Look = plain
  ) => figureFormats(kind, `${modelName} · ${what}`, data, look, { from, note: what, dataset })
  const heads = directHeadsFigure(direct, version)
  const { values } = heads.data
  const range = rangeOf({ low: Math.min(...values), high: Math.max(...values) }, 'difference')
  const sum = directFigure(direct, 'sum', version)
  const tokens = directTokensFigure(direct, head, mirrored, version)
  const drawn = { line: room.width, mirrored, range: lookParams(look).range }
  const text = directTextFigure(direct, head, version, drawn)
  return [
    ...save(sum),
    ...save(heads, { ...plain, range }),
    ...save(directFigure(direct, 'neurons', version)),
    ...save(tokens),
    ...figureFormats(
      shadedText,
      `${modelName} · ${text.what}`,
      text.data(seen),
      { ...look, ...paperLook },
      { from: text.from, note: 'the text', dataset: text.dataset }
    ),
    ...dataFormats(`${modelName} · direct effects`, sum.dataset(), sum.from)
  ]
}
