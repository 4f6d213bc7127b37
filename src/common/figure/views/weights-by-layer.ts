import { z } from 'zod'
import type { ModelInfo } from '../../contract/schemas.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { weightRoles, type WeightRole } from '../../model/weight-view.ts'
import { visibleText } from '../../text/visible-text.ts'
import { linePlot, type LinePlotData, type PlotSeries } from '../line-plot.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { figureView, modelFigure, type ViewFigure } from './figure-view.ts'
import { plainLook } from './look-params.ts'
import { modelOrigin } from './origin.ts'

/** A number of a tensor that is looked at across layers. */
export interface LayerStatistic {
  /** As its analysis calls it. */
  readonly name: string
  readonly words: string
  readonly analysis: 'weight-statistics' | 'spectrum'
  /** It has quartiles: of the rows or the columns of each tensor. */
  readonly quartiles: boolean
}

const of = (analysis: LayerStatistic['analysis'], name: string, words: string, quartiles = false) =>
  ({ name, words, analysis, quartiles }) satisfies LayerStatistic

export const layerStatistics: readonly LayerStatistic[] = [
  of('weight-statistics', 'std', 'standard deviation'),
  of('weight-statistics', 'mean', 'mean'),
  of('weight-statistics', 'min', 'smallest'),
  of('weight-statistics', 'max', 'largest'),
  of('weight-statistics', 'norm', 'norm'),
  of('weight-statistics', 'skewness', 'skewness'),
  of('weight-statistics', 'kurtosis', 'excess kurtosis'),
  of('weight-statistics', 'ks', 'KS distance from normal'),
  of('weight-statistics', 'variance_rows', 'variances of rows', true),
  of('weight-statistics', 'variance_columns', 'variances of columns', true),
  of('weight-statistics', 'norm_rows', 'norms of rows', true),
  of('weight-statistics', 'norm_columns', 'norms of columns', true),
  of('spectrum', 'alpha', 'power law α'),
  of('spectrum', 'rank', 'rank'),
  of('spectrum', 'stableRank', 'stable rank'),
  of('spectrum', 'effectiveRank', 'effective rank'),
  of('spectrum', 'conditionNumber', 'condition number'),
  of('spectrum', 'above_bulk', 'singular values above chance')
]

/** A tensor's number: of one with quartiles the median. */
export interface LayerValue {
  /** The name that it is stored by, or its role and place. */
  readonly tensor: string
  readonly layer: number
  /** Null of what is of no head. */
  readonly head: number | null
  readonly value: number
  /** The smallest, the first and third quartile and the largest, where there are some. */
  readonly spread: readonly [number, number, number, number] | null
}

/** The numbers of an analysis of weights, by layer and head. */
export function layerValues(result: Dataset, { name, quartiles }: LayerStatistic): LayerValue[] {
  const tensors = result.axes['tensor']?.labels ?? []
  const { data } = variable(result, name)
  const [layers, heads] = [variable(result, 'layer').data, variable(result, 'head').data]
  return tensors
    .flatMap((tensor, i): LayerValue[] => {
      const layer = layers[i]!
      if (Number.isNaN(layer)) return []
      const head = Number.isNaN(heads[i]!) ? null : heads[i]!
      if (!quartiles) return [{ tensor, layer, head, value: data[i]!, spread: null }]
      const [min, q1, median, q3, max] = data.slice(5 * i, 5 * i + 5) as unknown as number[]
      return [{ tensor, layer, head, value: median!, spread: [min!, q1!, q3!, max!] }]
    })
    .sort((a, b) => a.layer - b.layer || (a.head ?? 0) - (b.head ?? 0))
}

/** The numbers of an analysis of weights, with the mean of a layer's heads beside each, where that is drawn. */
export function layersDataset(result: Dataset, statistic: LayerStatistic): Dataset {
  const values = layerValues(result, statistic)
  const whole = withDrawn(result, [statistic.name])
  if (statistic.quartiles || !isOfHeads(values)) return whole
  const means = layerMeans(values)
  const layers = variable(result, 'layer').data
  const data = Float64Array.from(layers, layer => means.get(layer) ?? NaN)
  const { name } = statistic
  const mean = {
    ...{ axes: ['tensor'], data, unit: variable(result, name).unit },
    about: `mean of ${name} over the heads of the layer`
  }
  return { ...whole, variables: { ...whole.variables, [`${name}_layer_mean`]: mean } }
}

/** Whether a layer has several values. */
function isOfHeads(values: readonly LayerValue[]): boolean {
  return new Set(values.map(({ layer }) => layer)).size < values.length
}

/** Of each layer, in their order. */
function layerMeans(values: readonly LayerValue[]): ReadonlyMap<number, number> {
  const own = Map.groupBy(values, ({ layer }) => layer)
  const mean = (of: readonly LayerValue[]) =>
    of.reduce((sum, { value }) => sum + value, 0) / of.length
  return new Map([...own].map(([layer, of]) => [layer, mean(of)]))
}

/** How much of the room between two layers boxes take, and of its own one of several. */
const [boxesShare, boxShare] = [0.8, 0.7]

/** Where each value stands across, and how wide it may be: boxes of a layer beside each other, dots above. */
export function layerSlots(
  values: readonly LayerValue[]
): { readonly at: number; readonly width: number }[] {
  const own = Map.groupBy(values, ({ layer }) => layer)
  return values.map(value => {
    const beside = own.get(value.layer)!
    if (value.spread === null) return { at: value.layer, width: 0 }
    const slot = boxesShare / beside.length
    return {
      at: value.layer + slot * (beside.indexOf(value) - (beside.length - 1) / 2),
      width: beside.length === 1 ? boxesShare / 2 : slot * boxShare
    }
  })
}

/** A box for each tensor, or each head of a layer. */
function boxesOf(values: readonly LayerValue[], several: boolean): PlotSeries {
  const slots = layerSlots(values)
  const all = (of: (value: LayerValue) => number) => Float64Array.from(values, of)
  const reach = (at: number) => all(({ spread }) => spread?.[at] ?? NaN)
  const what = 'median, quartiles, smallest and largest'
  return {
    name: several ? `each head: ${what}` : what,
    ...{ shape: 'boxes', color: 'accent' },
    x: Float64Array.from(slots, ({ at }) => at),
    y: all(({ value }) => value),
    width: slots.reduce((least, { width }) => Math.min(least, width), 1),
    spread: { min: reach(0), q1: reach(1), q3: reach(2), max: reach(3) }
  }
}

/** Numbers by layer: a line, of heads with a dot each and the line of their mean; of what has quartiles boxes. */
export function layersPlot(
  values: readonly LayerValue[],
  { words }: Pick<LayerStatistic, 'words'>,
  title: string | null,
  span: { readonly low: number; readonly high: number } | null = null
): LinePlotData {
  const means = layerMeans(values)
  const layers = [...means.keys()]
  const x = Float64Array.from(layers)
  const [first = 0, last = first] = [layers[0], layers.at(-1)]
  const line = (name: string | null, color: 'accent' | 'faint', y: Float64Array): PlotSeries => ({
    ...{ name, color, x, y, width: 0 },
    shape: 'line'
  })
  const dots: PlotSeries = {
    ...{ name: null, color: 'accent', shape: 'dots', width: 0 },
    x: Float64Array.from(values, ({ layer }) => layer),
    y: Float64Array.from(values, ({ value }) => value)
  }
  const several = isOfHeads(values)
  const mean = Float64Array.from(means.values())
  const series = values.some(({ spread }) => spread !== null)
    ? [boxesOf(values, several)]
    : several
      ? [
          { ...dots, name: 'each head', color: 'bar' as const },
          line('mean of heads', 'accent', mean)
        ]
      : [line(null, 'accent', mean), dots]
  return {
    title,
    // Dots and boxes stand free of the axis.
    x: { name: 'layer', log: false, whole: true, span: { low: first - 0.5, high: last + 0.5 } },
    y: { name: words, log: false, whole: false, span },
    series,
    lines: []
  }
}

const roles = Object.keys(weightRoles) as [WeightRole, ...WeightRole[]]

const LayersParams = z.strictObject({
  /** Stored tensors, one or more a layer. */
  tensors: z.array(z.string()).min(1).nullable().default(null),
  /** Or a weight by what it does. */
  role: z.enum(roles).nullable().default(null),
  statistic: z.enum(layerStatistics.map(({ name }) => name) as [string, ...string[]]).default('std')
})

/** A number of tensors, layer by layer. */
export const weightsByLayerView = figureView({
  name: 'weights-by-layer',
  analyses: [...new Set(layerStatistics.map(({ analysis }) => analysis))],
  about: 'a statistic of stored tensors, or of a weight by its role, layer by layer',
  of: 'weights',
  params: LayersParams,
  async make({ model, version, analysis }, params) {
    const { tensors, role } = params
    const statistic = layerStatistics.find(({ name }) => name === params.statistic)!
    const asked = role === null ? { tensors } : { roles: [role] }
    const result = await analysis(statistic.analysis, asked, 'weights')
    const name = role ?? familyOf(model, tensors)
    const again = { ...(tensors && { tensors }), ...(role && { role }) }
    return modelFigure(
      model,
      layersFigure(model, name, again, { statistic, result }, version),
      plainLook
    )
  }
})

/**
 * A number of tensors, layer by layer.
 * @param name what they are called together
 * @param chosen which they are, as its command takes it
 */
export function layersFigure(
  model: ModelInfo,
  name: string,
  chosen: CommandParams,
  { statistic, result }: { readonly statistic: LayerStatistic; readonly result: Dataset },
  version: string
): ViewFigure<LinePlotData, Provenance> {
  const what = `${visibleText(name)} · ${statistic.words} by layer`
  return {
    what,
    kind: linePlot,
    data: layersPlot(layerValues(result, statistic), statistic, `${model.name} · ${what}`),
    from: {
      ...{ version, of: modelOrigin(model, what), less: null, precision: 'float32' },
      again: { view: 'weights-by-layer', params: { ...chosen, statistic: statistic.name } }
    },
    dataset: () => layersDataset(result, statistic)
  }
}

/** What tensors are called whose names differ by the number of their layer alone; else how many they are. */
function familyOf(
  { tensors }: Pick<ModelInfo, 'tensors'>,
  names: readonly string[] | null
): string {
  const own = tensors.filter(({ name }) => names?.includes(name))
  const families = new Set(own.map(({ name, layer }) => familyName(name, layer ?? NaN)))
  const [first] = families
  return first !== undefined && families.size === 1 ? first : `${names?.length ?? 'all'} tensors`
}

/** The name of a tensor with `{}` for the number of its layer: the first part of the name that is that number. */
export function familyName(name: string, layer: number): string {
  const parts = name.split('.')
  const at = parts.indexOf(String(layer))
  return at < 0 ? name : parts.with(at, '{}').join('.')
}
