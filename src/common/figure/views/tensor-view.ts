import { z } from 'zod'
import { matrixOf } from '../../analysis/tensor-map/matrix-view.ts'
import { typedRegions } from '../../analysis/tensor-map/region-text.ts'
import { MapCells } from '../../analysis/tensor-map/tensor-map.ts'
import { isWhole, wholeRegion, type Region, type Whole } from '../../analysis/tensor-map/region.ts'
import { withDrawn, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { visibleText } from '../../text/visible-text.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import type { ValueRange } from '../value-scale.ts'
import { figureView, modelFigure, type FigureSource, type MadeFigure } from './figure-view.ts'
import { boundsOf, LookParams, lookOf, plainLook } from './look-params.ts'
import {
  componentsPlot,
  componentsSharePlot,
  cumulativePlot,
  histogramPlot,
  normsPlot,
  spectrumPlot,
  weightRange
} from './tensor-figures.ts'
import { tensorMaps, type RegionMap } from './tensor-maps.ts'
import { modelOrigin } from './origin.ts'

/** What a tensor is drawn as. */
export const tensorForms = [
  'map',
  'histogram',
  'row-norms',
  'column-norms',
  'spectrum',
  'cumulative',
  'components',
  'components-share'
] as const
export type TensorForm = (typeof tensorForms)[number]

const TensorParams = LookParams.omit({ colors: true }).extend({
  tensor: z.string(),
  form: z.enum(tensorForms).default('map'),
  /** Of a map: the parts that are shown, as they are typed, such as `0:300, 100:300; 5`; all of it where it is empty. */
  parts: z.string().default(''),
  /** Of a map: the most cells of each part. */
  cells: MapCells.default([512, 512])
})

/** What plots are called, and what they are made of: an analysis, and which of its variables. */
export const tensorPlots = {
  histogram: { words: 'histogram', analysis: 'weight-statistics', drawn: ['histogram', 'normal'] },
  'row-norms': { words: 'norms of rows', analysis: 'weight-statistics', drawn: ['row_norm'] },
  'column-norms': {
    ...{ words: 'norms of columns', analysis: 'weight-statistics', drawn: ['column_norm'] }
  },
  spectrum: { words: 'singular values', analysis: 'spectrum', drawn: ['singular_values'] },
  cumulative: { words: 'explained', analysis: 'spectrum', drawn: ['cumulative'] },
  components: {
    ...{ words: 'rows along the first components', analysis: 'weight-pca', drawn: ['pca_scores'] }
  },
  'components-share': { words: 'explained', analysis: 'weight-pca', drawn: ['pca_cumulative'] }
} as const
export type TensorPlot = keyof typeof tensorPlots

/** The numbers of a tensor, of which a plot is drawn. */
export function tensorNumbers(result: Dataset, form: TensorPlot): Dataset {
  return withDrawn(result, tensorPlots[form].drawn)
}

/** The weights of a stored tensor. */
export const tensorView = figureView({
  name: 'tensor',
  analyses: ['tensor-map', ...new Set(Object.values(tensorPlots).map(({ analysis }) => analysis))],
  about:
    'a stored tensor: its weights as a map, their histogram, norms or spectrum, or the principal components of its rows',
  of: 'weights',
  params: TensorParams,
  ranged: ['form'],
  toShow(analysis, { tensor, tensors, rows, columns, pooling, cells }) {
    if (analysis === 'tensor-map')
      return { tensor, pooling, cells, parts: [rows, columns].map(sideText).join(', ') }
    const [first] = Array.isArray(tensors) ? (tensors as unknown[]) : []
    const form = tensorForms.find(form => form !== 'map' && tensorPlots[form].analysis === analysis)
    return { tensor: first, form }
  },
  async make(source, params): Promise<MadeFigure> {
    const { model, version } = source
    const { tensor, form } = params
    const stored = model.tensors.find(({ name }) => name === tensor)
    if (stored === undefined)
      throw new LamellaError(
        'invalid-argument',
        `${tensor}: the model has no tensor of that name`,
        'lamella info lists them.'
      )
    const what = visibleText(tensor)
    const originOf = (what: string) => ({
      version,
      of: modelOrigin(model, `Tensor ${what}`),
      ...{ less: null, precision: 'float32' as const },
      again: { view: 'tensor', params }
    })
    if (form === 'map') {
      const look = { ...params, colors: 'magma' as const }
      const whole = matrixOf(stored.shape)
      const { maps, range } = await mapsOf(source, params, whole)
      const names = { model: model.name, tensor: what }
      const made = tensorMaps(names, whole, maps, lookOf(look, range))
      return {
        ...made,
        spans: boundsOf(range),
        title: `${model.name} · ${made.what}`,
        from: originOf(made.what)
      }
    }
    const title = `${model.name} · ${what} · ${tensorPlots[form].words}`
    const { result, data } = await plotOf(source, tensor, form, title)
    const from = originOf(what)
    const dataset = () => tensorNumbers(result, form)
    const figure = { what: `${what} · ${form}`, kind: linePlot, data, from, dataset }
    return modelFigure(model, figure, plainLook)
  }
})

/** The maps of the parts that are asked for, and the range of their colours: theirs, or where it is fixed that of all. */
async function mapsOf(
  source: FigureSource,
  { tensor, parts, range, pooling, cells }: z.output<typeof TensorParams>,
  whole: Whole
): Promise<{ readonly maps: readonly RegionMap[]; readonly range: ValueRange }> {
  const regions = typedRegions(parts, whole)
  if (typeof regions === 'string')
    throw new LamellaError('invalid-argument', `parts: ${parts}: ${regions}`)
  const mapOf = (region: Region) => {
    const part = isWhole(region, whole) ? { rows: null, columns: null } : region
    return source.analysis('tensor-map', { tensor, ...part, pooling, cells }, 'weights')
  }
  const maps: RegionMap[] = []
  for (const region of regions) maps.push({ region, result: await mapOf(region) })
  const ranged =
    range === 'fixed' ? [await mapOf(wholeRegion(whole))] : maps.map(({ result }) => result)
  return { maps, range: weightRange(ranged) }
}

/** A side of a part that an analysis was asked for, as it is typed. */
function sideText(side: unknown): string {
  return Array.isArray(side) ? side.join(':') : ':'
}

async function plotOf(
  source: FigureSource,
  tensor: string,
  form: TensorPlot,
  title: string
): Promise<{ readonly result: Dataset; readonly data: LinePlotData }> {
  const { analysis } = tensorPlots[form]
  const result = await source.analysis(analysis, { tensors: [tensor] }, 'weights')
  const data = {
    histogram: () => histogramPlot(result, title),
    'row-norms': () => normsPlot(result, 'row', title),
    'column-norms': () => normsPlot(result, 'column', title),
    spectrum: () => spectrumPlot(result, title),
    cumulative: () => cumulativePlot(result, title),
    components: () => componentsPlot(result, title),
    'components-share': () => componentsSharePlot(result, title)
  }[form]()
  if (data !== null) return { result, data }
  throw new LamellaError('invalid-argument', `${tensor}: is no matrix, and has no rows and columns`)
}
