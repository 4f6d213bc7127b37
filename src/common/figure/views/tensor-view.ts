import { z } from 'zod'
import type { Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { visibleText } from '../../text/visible-text.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import { weightMap } from '../weight-map.ts'
import { figureView, madeFigure, type FigureSource, type MadeFigure } from './figure-view.ts'
import { LookParams, lookOf } from './look-params.ts'
import {
  componentsPlot,
  componentsSharePlot,
  cumulativePlot,
  histogramPlot,
  normsPlot,
  spectrumPlot,
  weightMapOf,
  weightRange
} from './tensor-figures.ts'

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

const Range = z
  .tuple([z.int().min(0), z.int().min(0)])
  .nullable()
  .default(null)

const TensorParams = LookParams.omit({ colors: true }).extend({
  tensor: z.string(),
  form: z.enum(tensorForms).default('map'),
  /** Of a map: from the first to the one after the last. */
  rows: Range,
  columns: Range
})

/** What plots are made of. */
const analysisOf = {
  histogram: 'weight-statistics',
  'row-norms': 'weight-statistics',
  'column-norms': 'weight-statistics',
  spectrum: 'spectrum',
  cumulative: 'spectrum',
  components: 'weight-pca',
  'components-share': 'weight-pca'
} as const

/** The weights of a stored tensor. */
export const tensorView = figureView({
  name: 'tensor',
  analyses: ['tensor-map', ...Object.values(analysisOf)],
  about:
    'a stored tensor: its weights as a map, their histogram, norms or spectrum, or the principal components of its rows',
  of: 'weights',
  params: TensorParams,
  toShow(analysis, { tensor, tensors, rows, columns, pooling }) {
    if (analysis === 'tensor-map') return { tensor, rows, columns, pooling }
    const [first] = Array.isArray(tensors) ? (tensors as unknown[]) : []
    const form = tensorForms.find(form => form !== 'map' && analysisOf[form] === analysis)
    return { tensor: first, form }
  },
  async make(source, params): Promise<MadeFigure> {
    const { model, version } = source
    const { tensor, form, rows, columns, pooling } = params
    if (!model.tensors.some(({ name }) => name === tensor))
      throw new LamellaError(
        'invalid-argument',
        `${tensor}: the model has no tensor of that name`,
        'lamella info lists them.'
      )
    const what = visibleText(tensor)
    const title = `${model.name} · ${what}`
    const from = {
      version,
      of: {
        ...{ model: model.name, fingerprint: model.fingerprint, input: null, edits: [] },
        ...{ provider: 'none', place: `Tensor ${what}` }
      },
      ...{ less: null, precision: 'float32' as const },
      again: { view: 'tensor', params }
    }
    const look = { ...params, colors: 'magma' as const }
    if (form === 'map') {
      const asked = { tensor, rows, columns, pooling }
      const result = await source.analysis('tensor-map', asked, 'weights')
      const data = weightMapOf(result, title)
      const figure = { what, kind: weightMap, data, from, dataset: () => result }
      return madeFigure(model, figure, lookOf(look, weightRange(result)))
    }
    const { result, data } = await plotOf(source, tensor, form, title)
    const figure = { what: `${what} · ${form}`, kind: linePlot, data, from, dataset: () => result }
    return madeFigure(model, figure, lookOf(look, { low: 0, high: 1 }))
  }
})

async function plotOf(
  source: FigureSource,
  tensor: string,
  form: Exclude<TensorForm, 'map'>,
  title: string
): Promise<{ readonly result: Dataset; readonly data: LinePlotData }> {
  const name = analysisOf[form]
  const result = await source.analysis(name, { tensors: [tensor] }, 'weights')
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
