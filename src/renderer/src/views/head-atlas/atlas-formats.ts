import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import { headReportHtml } from '#common/analysis/head-atlas/head-report-html.ts'
import { headReport } from '#common/analysis/head-atlas/head-report.ts'
import { atlasDataset, type HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { headMap } from '#common/figure/head-map.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import { fileName } from '#common/text/file-name.ts'
import { inputsOf, scoringSeed, type ScoredOver } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { lastPart } from '../../stores/models.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { mapData, mapLook } from '../../ui/head-scores/score-map.ts'
import { scatterData } from './atlas-figures.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** What an atlas is saved of. */
export interface AtlasToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly over: ScoredOver & { readonly window: number }
  readonly result: Dataset
  /** What heads do on random tokens; null where that could not run. */
  readonly random: Dataset | null
  /** The loss without the heads that are found; null where nobody asked. */
  readonly ablation: Dataset | null
  readonly atlas: HeadAtlas
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
  /** What the numbers of the map span, and whether that is of two maps. */
  readonly range: ValueRange
  readonly shared: boolean
  /** What an axis of the scatter has room for. */
  readonly spanOf: (score: string) => ValueRange | null
}

/** The files that an atlas can be saved as: the figure that is seen, and all of its numbers. */
export function atlasFormats(
  whole: AtlasToSave,
  options: AtlasOptions,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const { model, modelName, run, result, atlas, read } = whole
  const { input, edits, provider } = run.source
  const { name, fingerprint } = model
  const place = `Heads, scored over ${read}`
  const from: Provenance = {
    version,
    of: { model: name, fingerprint, input, edits, provider, place },
    less: null,
    precision: 'float32'
  }
  const file = (what: string) => `${modelName} · heads · ${what}`
  const title = (what: string) => `${name} · ${what} · ${read}`
  const onPaper = { ...look, ...paperLook }
  const figures = () => {
    if (options.form === 'scatter') {
      const data = scatterData(atlas, model.config?.nLayers ?? 1, options, whole.spanOf)
      const what = `${data.x.name} and ${data.y.name}`
      const own = { ...onPaper, range: { low: 0, high: 1 } }
      return figureFormats(headScatter, file(what), { ...data, title: title(what) }, own, { from })
    }
    const data = mapData(atlas, options)
    const { isMass } = atlasScore(options.score)
    const own = mapLook(onPaper, data.quantity, whole.range, isMass, whole.shared)
    const titled = { ...data, title: title(data.name) }
    return figureFormats(headMap, file(data.name), titled, own, { from })
  }
  return [
    ...(options.form === 'table' ? [] : figures()),
    ...dataFormats(file('all scores'), atlasDataset(atlas, result), from),
    {
      is: 'file',
      text: 'HTML',
      note: 'a report that stands by itself, with the findings',
      name: fileName(file('report'), 'html'),
      content: () =>
        Promise.resolve(new Blob([reportOf(whole, options, version)], { type: 'text/html' }))
    }
  ]
}

/** The report that the command line makes of the same; of folders it has the last names alone. */
function reportOf(
  { model, run, over, result, random, ablation }: AtlasToSave,
  { classes }: Pick<AtlasOptions, 'classes'>,
  version: string
): string {
  const { input, edits, provider } = run.source
  const inputs: CorpusInput[] = over.corpus === null ? [input] : inputsOf(over.corpus.of)
  const { window, stride } = over
  return headReportHtml(
    headReport(
      {
        ...{ version, model, window, stride, classes, edits, provider, seed: scoringSeed },
        folder: lastPart(model.path),
        inputs: inputs.map(own => ('path' in own ? { path: lastPart(own.path) } : own))
      },
      { statistics: result, repeats: random, ablation }
    )
  )
}
