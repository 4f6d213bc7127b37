import type { ModelInfo } from '#common/contract/schemas.ts'
import { paperLook } from '#common/figure/look.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import {
  vocabularyCounts,
  vocabularyFigure,
  vocabularyNumbers
} from '#common/figure/views/vocabulary-view.ts'
import type { VocabularyListing } from '#common/model/vocabulary.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { VocabularyOptions } from './vocabulary-options.ts'

/** Lengths of what was found, kinds and scripts of all, as bars; ids and counts as numbers, and what was found by itself. */
export function vocabularyFormats(
  listing: VocabularyListing,
  options: VocabularyOptions,
  { model, modelName, version }: { model: ModelInfo; modelName: string; version: string }
): ExportFormat[] {
  const figureOf = (form: (typeof vocabularyCounts)[number]) =>
    vocabularyFigure(model, listing, form, options, version)
  const lengths = figureOf('lengths')
  const found = vocabularyNumbers(model, listing, options, version)
  return [
    ...vocabularyCounts.flatMap(form => {
      const { what, kind, data, from, dataset } = figureOf(form)
      const look = { ...plainLook, ...paperLook }
      const wishes = { note: form, from, dataset }
      return figureFormats(kind, `${modelName} · ${what}`, data, look, wishes)
    }),
    ...dataFormats(`${modelName} · vocabulary`, lengths.dataset(), lengths.from),
    ...dataFormats(`${modelName} · tokens found`, found.dataset, found.from, 'what was found')
  ]
}
