import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { largestMagnitude } from '../../data/largest-magnitude.ts'
import { parseHookName } from '../../model/hooks.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import { tokenText } from '../../text/token-text.ts'
import { expertsAt } from '../../analysis/experts-at.ts'
import { areaExtreme } from '../area-extreme.ts'
import { linePlot, LinePlotData } from '../line-plot.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { tokenGrid, type GridContent, type TokenGridData } from '../token-grid.ts'
import type { ValueRange } from '../value-scale.ts'
import { weightMap, type WeightMapData } from '../weight-map.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin } from './origin.ts'
import { valueGrid } from './value-grid.ts'

/** What is said of the value of a token at a hook. */
export const activationMeasures = ['norm', 'mean', 'largest'] as const
export type ActivationMeasure = (typeof activationMeasures)[number]

const measureWords: Readonly<Record<ActivationMeasure, string>> = {
  norm: 'norm',
  mean: 'mean of units',
  largest: 'largest magnitude'
}

/** What `activations` or `experts` came to, and of what. */
export interface FiguredActivations {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source'>
  readonly result: Dataset
  /** What makes it again, beside what each figure adds. */
  readonly params: CommandParams
}

/** A measure of a hook at each token, layer over layer; of the largest magnitude cells say whose it is. */
export function activationGrid(
  result: Dataset,
  tokens: readonly WrittenToken[],
  measure: ActivationMeasure
): GridContent {
  const units = variable(result, 'top_unit').data
  const ranks = result.axes['rank']!.length
  return valueGrid({
    layers: result.axes['hook']!.labels!.map(hook => String(parseHookName(hook)!.layer)),
    layersName: 'block',
    tokens,
    values: variable(result, measure).data,
    unit: measureWords[measure],
    ...(measure === 'largest' && { says: (cell: number) => String(units[cell * ranks]!) })
  })
}

/** The expert of the largest weight at each token, layer over layer, with that weight. */
export function expertGrid(result: Dataset, tokens: readonly WrittenToken[]): GridContent {
  const layers = result.axes['layer']!.labels!
  const first = layers.flatMap((_, row) => tokens.map((_, at) => expertsAt(result, row, at)[0]!))
  return valueGrid({
    ...{ layers, layersName: 'block', tokens },
    values: Float64Array.from(first, ({ weight }) => weight),
    ...{ unit: 'weight of the expert', says: (cell: number) => String(first[cell]!.expert) }
  })
}

/** Columns that a map of units has at most. */
const mostColumns = 1024

/** Every unit of one hook at every token; of many units some are one cell, the one of the largest magnitude. */
export function unitMap(result: Dataset, tokens: readonly WrittenToken[]): WeightMapData {
  const units = result.axes['unit']!.length
  const each = Math.ceil(units / mostColumns)
  const values = Float32Array.from(variable(result, 'value').data)
  const pooled = () => {
    const columns = Math.ceil(units / each)
    const whole = { row: 0, rows: tokens.length, column: 0, columns: columns * each }
    return areaExtreme(values, units, whole, tokens.length, columns)
  }
  return {
    ...{ title: null, name: 'value', names: { rows: 'token', columns: 'unit' } },
    rows: { from: 0, to: tokens.length, each: 1 },
    columns: { from: 0, to: units, each },
    labels: { rows: tokens.map(tokenText) },
    values: each === 1 ? values : pooled()
  }
}

/** As far to either side of 0 as the value of the largest magnitude. */
export function unitRange({ values }: Pick<WeightMapData, 'values'>): ValueRange {
  const most = largestMagnitude(values) || 1
  return { low: -most, high: most }
}

const bars = 40

/** How the values of one hook are distributed over all tokens and units, as far as they are numbers. */
export function unitHistogram(result: Dataset): LinePlotData {
  const data = variable(result, 'value').data.filter(Number.isFinite)
  let [low, high] = data.length === 0 ? [0, 0] : [Infinity, -Infinity]
  for (const value of data) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const width = (high - low) / bars || 1
  const counts = new Float64Array(bars)
  for (const value of data) counts[Math.min(bars - 1, Math.floor((value - low) / width))]!++
  return LinePlotData.parse({
    title: null,
    x: { name: 'value' },
    y: { name: 'values', log: true, whole: true },
    series: [
      {
        ...{ name: null, shape: 'bars', color: 'bar', width, y: counts },
        x: Float64Array.from(counts, (_, i) => low + i * width)
      }
    ]
  })
}

/** How long the residual stream of a token is after each block, and what attention and MLP add to it; null of a result without norms. */
export function normCurves(result: Dataset, position: number): LinePlotData | null {
  if (result.variables['norm.resid'] === undefined) return null
  const tokens = result.axes['pos']!.length
  const of = (name: string, text: string, color: number, first: number) => {
    const { data } = variable(result, `norm.${name}`)
    const y = Float64Array.from(
      { length: data.length / tokens },
      (_, i) => data[i * tokens + position]!
    )
    return {
      ...{ name: text, shape: 'line', color, width: 0, y },
      x: Float64Array.from(y, (_, i) => i + first)
    }
  }
  return LinePlotData.parse({
    title: null,
    x: { name: 'after block', whole: true, start: { at: -1, text: 'input' } },
    y: { name: 'norm', span: { low: 0, high: 0 } },
    series: [
      of('resid', 'residual', 0, -1),
      of('attn_out', 'attention', 1, 0),
      of('mlp_out', 'MLP', 2, 0)
    ]
  })
}

/** @param drawn the variable that the grid is of */
export function layersFigure(
  of: FiguredActivations,
  grid: GridContent,
  drawn: ActivationMeasure | 'weight',
  what: string,
  said: Readonly<Record<string, string>>,
  mirrored: boolean,
  version: string
): ViewFigure<TokenGridData, Provenance> {
  const data = { ...grid, mirrored, scrolled: null, marked: [] }
  return named(of, what, said, version, tokenGrid, data, [drawn])
}

export function unitsFigure(
  of: FiguredActivations,
  map: WeightMapData,
  version: string
): ViewFigure<WeightMapData, Provenance> {
  const what = of.result.axes['hook']!.labels![0]!
  return named(of, what, { form: 'units' }, version, weightMap, map, ['value'])
}

export function histogramFigure(
  of: FiguredActivations,
  version: string
): ViewFigure<LinePlotData, Provenance> {
  const what = `values of ${of.result.axes['hook']!.labels![0]!}`
  const data = unitHistogram(of.result)
  return named(of, what, { form: 'histogram' }, version, linePlot, data, ['value'])
}

function named<D extends { readonly title: string | null }>(
  { model, run, result, params }: FiguredActivations,
  what: string,
  said: Readonly<Record<string, string>>,
  version: string,
  kind: ViewFigure<D, Provenance>['kind'],
  data: Omit<D, 'title'>,
  drawn: readonly string[]
): ViewFigure<D, Provenance> {
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, `Activations: ${what}`), less: null },
    precision: 'float32',
    again: { view: 'activations', params: { ...params, ...said } }
  }
  const full = { ...data, title: `${model.name} · ${what}` } as D
  return {
    what: `activations · ${what}`,
    kind,
    data: full,
    from,
    dataset: () => withDrawn(result, drawn)
  }
}
