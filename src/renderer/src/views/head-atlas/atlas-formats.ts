import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import { headReportHtml } from '#common/analysis/head-atlas/head-report-html.ts'
import { headReport } from '#common/analysis/head-atlas/head-report.ts'
import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { FigureCommand, FigureOrigin } from '#common/figure/provenance.ts'
import type { ValueRange } from '#common/figure/value-scale.ts'
import {
  atlasesLess,
  atlasMapFigure,
  atlasScatterFigure
} from '#common/figure/views/atlas-figures.ts'
import { scoreExtent } from '#common/figure/views/atlas-scatter.ts'
import { boundsOf, lookParams } from '#common/figure/views/look-params.ts'
import { readOfRun } from '#common/figure/views/origin.ts'
import { mapExtent, mapLook } from '#common/figure/views/score-map.ts'
import { fileName } from '#common/text/file-name.ts'
import { scoringSeed, type ScoredOver } from '../../stores/analyses.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { corpusInputs } from '#common/model/library.ts'
import { lastPart } from '#common/text/last-part.ts'
import { readInWords } from '#common/text/read-in-words.ts'
import { namedOf } from '#common/text/figure-title.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { AtlasOptions } from './atlas-options.ts'

/** What an atlas is saved of. */
export interface AtlasToSave {
  readonly model: ModelInfo
  /** What the model is called among those that are open. */
  readonly modelName: string
  readonly run: Run
  readonly over: ScoredOver & { readonly window: number }
  /** Those of one's own that were scored: they may be others by now. */
  readonly classes: AtlasOptions['classes']
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
  const { modelName, range, shared } = whole
  const figured = { ...whole, run: readOfRun(whole.run, whole.over) }
  const file = (what: string) => `${modelName} · heads · ${what}`
  const onPaper = { ...look, ...paperLook }
  const mapped = atlasMapFigure(figured, options, version)
  const figures = () => {
    if (options.form === 'scatter') {
      const figure = atlasScatterFigure(figured, options, whole.spanOf, version)
      const { what, kind, data, from, dataset } = figure
      const own = { ...onPaper, range: { low: 0, high: 1 } }
      const again = commandOf(whole, options, own)
      const wishes = { from: { ...from, again }, dataset }
      return figureFormats(kind, `${modelName} · ${what}`, data, own, wishes)
    }
    const { what, kind, data, from, dataset } = mapped
    const { isMass } = atlasScore(options.score)
    const own = mapLook({ ...onPaper, range, shared }, data.quantity, isMass)
    const again = commandOf(whole, options, own)
    const wishes = { from: { ...from, again }, dataset }
    return figureFormats(kind, `${modelName} · ${what}`, data, own, wishes)
  }
  return [
    ...(options.form === 'table' ? [] : figures()),
    ...dataFormats(file('all scores'), mapped.dataset(), {
      ...mapped.from,
      again: commandOf(whole, { ...options, form: 'map' }, look)
    }),
    {
      is: 'file',
      text: 'HTML',
      note: 'a report that stands by itself, with the findings',
      name: fileName(file('report'), 'html'),
      content: () => Promise.resolve(new Blob([reportOf(whole, version)], { type: 'text/html' }))
    }
  ]
}

/** One of two atlases that are subtracted. */
type AtlasSide = Pick<AtlasToSave, 'model' | 'run' | 'over' | 'classes' | 'result' | 'atlas'>

/** The files that what heads do less what others do can be saved as: the figure that is seen, and all differences. */
export function atlasDifferenceFormats(
  { a, b, modelName }: { readonly a: AtlasSide; readonly b: AtlasSide; readonly modelName: string },
  options: Pick<AtlasOptions, 'form' | 'score' | 'quantity' | 'x' | 'y'>,
  look: Omit<Look, 'range'>,
  version: string
): ExportFormat[] {
  const [own, other] = [a, b].map(({ over, run, ...side }) => ({
    ...side,
    run: readOfRun(run, over),
    read: readInWords(side.atlas.windows, over, run.tokens.length)
  }))
  const whole = atlasesLess(own!, other!)
  const againAs = (form: AtlasOptions['form'], from: FigureOrigin) => {
    const [first, second] = [a, b].map(({ classes }) =>
      atlasCommand(classes, { ...options, form }, look)
    )
    return { ...from, again: againLess(first!, second!, from) }
  }
  const onPaper = { ...look, ...paperLook }
  const mapped = atlasMapFigure(whole, options, version)
  const figures = () => {
    if (options.form === 'scatter') {
      const spanOf = (score: string) => scoreExtent(whole.atlas, score)
      const figure = atlasScatterFigure(whole, options, spanOf, version)
      const { what, kind, data, from, dataset } = figure
      const own = { ...onPaper, range: { low: 0, high: 1 } }
      return figureFormats(kind, namedOf(modelName, what), data, own, {
        ...{ from: againAs('scatter', from), dataset }
      })
    }
    const { what, kind, data, from, dataset } = mapped
    const { isMass } = atlasScore(options.score)
    const own = mapLook({ ...onPaper, range: mapExtent(data) }, data.quantity, isMass)
    const wishes = { from: againAs('map', from), dataset }
    return figureFormats(kind, namedOf(modelName, what), data, own, wishes)
  }
  const name = namedOf(modelName, `${whole.less!.caption} · all scores`)
  return [
    ...(options.form === 'table' ? [] : figures()),
    ...dataFormats(name, mapped.dataset(), againAs('map', mapped.from))
  ]
}

/** The command that makes a figure again, with as much room as what stands beside it has. */
function commandOf(
  { classes, shared, spanOf }: AtlasToSave,
  options: AtlasOptions,
  look: AtlasLook
): FigureCommand {
  const own = atlasCommand(classes, options, look)
  if (!shared || options.form !== 'scatter') return own
  const [x, y] = [options.x, options.y].map(score => boundsOf(spanOf(score)!))
  return { ...own, params: { ...own.params, range: { x, y } } }
}

/** How it is drawn; its range is left out of what has none. */
type AtlasLook = Omit<Look, 'range'> & Partial<Pick<Look, 'range'>>

/** What the command line draws of the same. */
function atlasCommand(
  classes: AtlasToSave['classes'],
  { form, score, quantity, x, y }: Pick<AtlasOptions, 'form' | 'score' | 'quantity' | 'x' | 'y'>,
  look: AtlasLook
): FigureCommand {
  const { colors, scale, range } = lookParams(look)
  const own = Object.keys(classes).length > 0 && { classes }
  return form === 'scatter'
    ? { view: 'atlas-scatter', params: { x, y, ...own, colors } }
    : {
        view: 'atlas-map',
        params: { score, quantity, ...own, colors, scale, range }
      }
}

/** The report that the command line makes of the same; of folders it has the last names alone. */
function reportOf(
  { model, run, over, classes, result, random, ablation }: AtlasToSave,
  version: string
): string {
  const { input, edits, provider } = run.source
  const inputs: CorpusInput[] = over.corpus === null ? [input] : corpusInputs(over.corpus.of)
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
