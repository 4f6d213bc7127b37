import { comparisonWords, partLines } from '#common/analysis/head-comparison/comparison-words.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { provenanceLines } from '#common/figure/provenance.ts'
import {
  comparedDepthFigure,
  comparedKindsFigure,
  comparedMapsFigure,
  comparedMapsLook,
  comparisonCommand,
  comparisonOrigin,
  type FiguredComparison
} from '#common/figure/views/compared-heads-figures.ts'
import type { ViewFigure } from '#common/figure/views/figure-view.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import { fileName } from '#common/text/file-name.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ComparisonOptions } from './comparison-options.ts'

/** The files that a comparison can be saved as: what it says, its figures, and all of its numbers. */
export function comparisonFormats(
  whole: FiguredComparison,
  options: Pick<ComparisonOptions, 'score' | 'quantity' | 'maps'>,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { comparison, read } = whole
  const names = comparison.sides.map(({ name }) => name).join(' and ')
  const onPaper = { ...look, ...paperLook }
  const plain = { ...onPaper, range: { low: 0, high: 1 } }
  const { score, quantity } = options
  const { colors, scale, range } = lookParams(look)
  const formats = <D extends { readonly title: string | null }>(
    { what, kind, data, from, dataset }: ViewFigure<D>,
    own: Look,
    note: string,
    params: Readonly<Record<string, unknown>>
  ) => {
    const again = comparisonCommand(read, params)
    const wishes = { note, from: { ...from, again }, dataset }
    return figureFormats(kind, `${names} · ${what}`, data, own, wishes)
  }
  const maps = comparedMapsFigure(whole, options, version)
  const kinds = comparedKindsFigure(whole, version)
  const mapsParams = { form: 'maps', score, quantity, maps: options.maps, colors, scale, range }
  const from = {
    ...comparisonOrigin(read, version),
    again: comparisonCommand(read, mapsParams)
  }
  return [
    ...formats(
      maps,
      comparedMapsLook(onPaper, maps.data.parts, score),
      maps.data.parts.length === 1 ? 'the map' : 'both maps',
      mapsParams
    ),
    ...formats(comparedDepthFigure(whole, options, version), plain, 'by depth', {
      form: 'depth',
      ...{ score, quantity }
    }),
    ...(kinds === null ? [] : formats(kinds, plain, 'kinds by depth', { form: 'kinds' })),
    ...dataFormats(`${names} · heads`, maps.dataset, from),
    {
      is: 'file',
      text: 'TXT',
      note: 'what it says in words',
      name: fileName(`${names} · in words`, 'txt'),
      content() {
        const parts = comparisonWords(comparison).map(part => partLines(part).join('\n'))
        const lines = [...parts, comparison.notes.join('\n'), provenanceLines(from).join('\n')]
        const whole = lines.filter(part => part !== '').join('\n\n')
        return Promise.resolve(new Blob([`${whole}\n`], { type: 'text/plain' }))
      }
    }
  ]
}
