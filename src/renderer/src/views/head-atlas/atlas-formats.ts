import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import { atlasDataset, type HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { headMap } from '#common/figure/head-map.ts'
import { headScatter } from '#common/figure/head-scatter.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { mapData, mapLook, scatterData } from './atlas-figures.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** What an atlas is saved of. */
export interface AtlasToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly result: Dataset
  readonly atlas: HeadAtlas
  /** What was read, such as `12 windows of 128 tokens of the text`. */
  readonly read: string
}

/** The files that an atlas can be saved as: the figure that is seen, and all of its numbers. */
export function atlasFormats(
  { model, modelName, run, result, atlas, read }: AtlasToSave,
  options: AtlasOptions,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
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
      const data = scatterData(atlas, model.config?.nLayers ?? 1, options)
      const what = `${data.x.name} and ${data.y.name}`
      const own = { ...onPaper, range: { low: 0, high: 1 } }
      return figureFormats(headScatter, file(what), { ...data, title: title(what) }, own, { from })
    }
    const data = mapData(atlas, options)
    const own = mapLook(onPaper, data, atlasScore(options.score).isMass)
    const whole = { ...data, title: title(data.name) }
    return figureFormats(headMap, file(data.name), whole, own, { from })
  }
  return [
    ...(options.form === 'table' ? [] : figures()),
    ...dataFormats(file('all scores'), atlasDataset(atlas, result), from)
  ]
}
