import { paperLook, type Look } from '#common/figure/look.ts'
import type { GridContent } from '#common/figure/token-grid.ts'
import {
  hiddenCurvesFigure,
  hiddenGridFigure,
  hiddenMapFigure,
  pairRange,
  textNames,
  type HiddenMeasure,
  type HiddenPairs
} from '#common/figure/views/hidden-figures.ts'
import { corpusInputs } from '#common/model/library.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { lookParams, plainLook } from '#common/figure/views/look-params.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import type { WeightMapData } from '#common/figure/weight-map.ts'
import { readBy, type ReadTexts } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { ShownStates } from './use-hidden.ts'

/** What is seen of hidden states. */
export interface StatesToSave {
  readonly shown: ShownStates
  /** What its model is called among those that are open. */
  readonly modelName: string
  /** What was read, such as `the text`. */
  readonly read: string
  readonly form: 'layers' | HiddenPairs
  readonly measure: HiddenMeasure
  readonly grid: GridContent | null
  readonly map: WeightMapData | null
  readonly mirrored: boolean
}

/** The files that hidden states can be saved as: what is seen, anisotropy, and all numbers. */
export function hiddenFormats(
  { shown, modelName, read, form, measure, grid, map, mirrored }: StatesToSave,
  look: Look,
  version: string
): ExportFormat[] {
  const { model, run, result, corpus, layer, word, sentence } = shown
  const params = {
    ...{ colors: look.colorMap, sentence },
    ...(layer !== null && { layer }),
    ...(word !== null && { word })
  }
  const own = corpus === null ? run : readOfRun(run, readBy(corpus))
  const of = { model, run: own, result, read, params, texts: namesOf(corpus) }
  const seenOf = (own: object) => ({ ...of, params: { ...params, ...own, mirrored } })
  const plain: Look = { ...plainLook, ...paperLook }
  const file = (what: string) => `${modelName} · ${what}`
  const curves = hiddenCurvesFigure(of, version)
  const seen =
    form === 'layers'
      ? grid &&
        hiddenGridFigure(
          seenOf({ range: lookParams(look).range }),
          grid,
          measure,
          mirrored,
          version
        )
      : map && hiddenMapFigure(seenOf({}), map, form, version)
  const foremost = seen ?? curves
  const onPaper = form === 'layers' ? look : { ...look, ...pairRange }
  return [
    ...(seen
      ? figureFormats<never>(
          seen.kind as never,
          file(seen.what),
          seen.data as never,
          { ...onPaper, ...paperLook },
          { from: seen.from, note: 'what is seen', dataset: seen.dataset }
        )
      : []),
    ...figureFormats(curves.kind, file(curves.what), curves.data, plain, {
      ...{ from: curves.from, note: 'anisotropy', dataset: curves.dataset }
    }),
    ...dataFormats(file('hidden states'), foremost.dataset(), foremost.from)
  ]
}

/** What the texts of a corpus are called; null of files, and where these names are nothing but how the texts begin. */
export function namesOf(corpus: ReadTexts | null): readonly string[] | null {
  if (corpus === null || corpus.sentences || 'path' in corpus.of) return null
  const names = corpus.of.texts.map(({ name }) => visibleText(name))
  const own = textNames({ name: corpus.name, inputs: corpusInputs(corpus.of) })
  return names.join('\n') === own?.join('\n') ? null : names
}
