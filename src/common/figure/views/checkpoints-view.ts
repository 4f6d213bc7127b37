import { z } from 'zod'
import { inAnyLayer } from '../../analysis/health/usual-sizes.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { visibleText } from '../../text/visible-text.ts'
import { linePlot, type LinePlotData } from '../line-plot.ts'
import type { Again, Provenance } from '../provenance.ts'
import { figureView, modelFigure, type MadeFigure, type ViewFigure } from './figure-view.ts'
import { layerLines } from './layer-lines.ts'
import { plainLook } from './look-params.ts'
import { modelOrigin } from './origin.ts'

/** A number of what changed between two checkpoints, of each tensor; as `diff` calls it. */
export const changeStatistics = [
  { name: 'relative', words: 'relative change', formula: '‖b − a‖ / ‖a‖' },
  { name: 'difference', words: 'change', formula: '‖b − a‖' },
  { name: 'cosine', words: 'cosine', formula: 'Σ a b / (‖a‖ ‖b‖)' },
  { name: 'largest', words: 'largest change', formula: 'max |b − a|' },
  { name: 'changed', words: 'share that changed', formula: 'numbers that differ / all' },
  { name: 'stableRank', words: 'stable rank', formula: '‖b − a‖² / σ₁²' },
  { name: 'effectiveRank', words: 'effective rank', formula: 'exp(−Σ p ln p), p = σ / Σ σ' }
] as const
export type ChangeStatistic = (typeof changeStatistics)[number]

/** Lines in colours. */
const most = 2

/**
 * A number of what changed, layer by layer: a line for each tensor that layers have, those furthest out in colours.
 * @returns null where no tensor is of a layer
 */
export function changeByLayer(
  result: Dataset,
  { name, words }: Pick<ChangeStatistic, 'name' | 'words'>,
  title: string | null
): LinePlotData | null {
  const layers = variable(result, 'layer').data
  const values = variable(result, name).data
  const names = result.axes['tensor']!.labels!
  const groups = Map.groupBy(
    Array.from(layers.keys()).filter(i => !Number.isNaN(layers[i]!)),
    i => inAnyLayer(names[i]!, layers[i]!)
  )
  if (groups.size === 0) return null
  // Of cosines what is small is what changed.
  const sign = name === 'cosine' ? -1 : 1
  const furthest = (own: readonly number[]) =>
    own.reduce(
      (out, i) => Math.max(out, Number.isNaN(values[i]!) ? out : sign * values[i]!),
      -Infinity
    )
  const unchanged = name === 'cosine' ? -1 : 0
  const standOut = [...groups]
    .filter(([, own]) => furthest(own) > unchanged)
    .toSorted(([, a], [, b]) => furthest(b) - furthest(a))
    .slice(0, most)
    .map(([group]) => group)
  return {
    title,
    x: { name: 'layer', log: false, whole: true, span: null },
    y: {
      name: words,
      log: false,
      whole: false,
      span: name === 'cosine' ? { low: 1, high: 1 } : null
    },
    series: layerLines(groups, { layers, values }, standOut),
    lines: []
  }
}

/** The singular values of what changed of one matrix; null of what has none. */
export function changeSpectrum(
  result: Dataset,
  tensor: string,
  title: string | null
): LinePlotData | null {
  const at = result.axes['tensor']!.labels!.indexOf(tensor)
  if (at < 0 || !('singular_values' in result.variables)) return null
  const width = result.axes['value']!.length
  const { data } = variable(result, 'singular_values')
  const y = Float64Array.from(data.subarray(at * width, (at + 1) * width)).filter(
    value => !Number.isNaN(value)
  )
  if (y.length === 0) return null
  const x = y.map((_, i) => i + 1)
  return {
    title,
    x: { name: 'singular value, the largest first', log: false, whole: true, span: null },
    y: { name: 'σ of the change', log: false, whole: false, span: { low: 0, high: 0 } },
    series: [
      { name: null, shape: 'line', color: 'accent', x, y, width: 0 },
      { name: null, shape: 'dots', color: 'accent', x, y, width: 0 }
    ],
    lines: []
  }
}

const CheckpointsParams = z.strictObject({
  form: z.enum(['layers', 'spectrum']).default('layers'),
  /** Of layers: which number. */
  statistic: z.enum(changeStatistics.map(({ name }) => name)).default('relative'),
  /** Of a spectrum: the matrix whose change it is of. */
  tensor: z.string().nullable().default(null)
})
type CheckpointsParams = z.output<typeof CheckpointsParams>

/** The most singular values that a spectrum shows. */
export const mostValues = 4096

/** What changed between two checkpoints. */
export const checkpointsView = figureView({
  name: 'checkpoints',
  analyses: ['diff'],
  about:
    'what changed between two checkpoints: a number of each tensor by layer, or the singular values of the change of one',
  of: 'two weights',
  params: CheckpointsParams,
  async make({ model, other, version, analysis }, params): Promise<MadeFigure> {
    const { form, statistic, tensor } = params
    if (form === 'spectrum' && tensor === null)
      throw new LamellaError('invalid-argument', 'form=spectrum is of one matrix: set tensor')
    const ranks = statistic === 'stableRank' || statistic === 'effectiveRank'
    const asked =
      form === 'spectrum' ? { tensors: [tensor], values: mostValues } : { values: ranks ? 1 : 0 }
    const result = await analysis('diff', asked, 'weights')
    const figure = checkpointsFigure([model, other!.model], result, params, version)
    if (figure !== null) return modelFigure(model, figure, plainLook)
    throw new LamellaError(
      'invalid-argument',
      form === 'layers'
        ? `${model.name}: no tensor is known to be of a layer`
        : `${tensor}: is no matrix that both have`
    )
  }
})

/** That figure, of what `diff` came to; null where there is nothing to draw. */
export function checkpointsFigure(
  models: readonly [ModelInfo, ModelInfo],
  result: Dataset,
  params: CheckpointsParams,
  version: string
): ViewFigure<LinePlotData, Provenance> | null {
  const { form, tensor } = params
  const statistic = changeStatistics.find(({ name }) => name === params.statistic)!
  const what =
    form === 'layers'
      ? `${statistic.words} by layer`
      : `${visibleText(tensor ?? '')} · spectrum of the change`
  const title = `${models[0].name} and ${models[1].name} · ${what}`
  const data =
    form === 'layers'
      ? changeByLayer(result, statistic, title)
      : changeSpectrum(result, tensor ?? '', title)
  if (data === null) return null
  const drawn = [form === 'layers' ? statistic.name : 'singular_values']
  const again = { view: 'checkpoints', params, with: models[1].name }
  return {
    ...{ what, kind: linePlot, data, dataset: () => withDrawn(result, drawn) },
    from: checkpointsOrigin(models, version, again)
  }
}

/** Where what `diff` came to is from. */
export function checkpointsOrigin(
  models: readonly [ModelInfo, ModelInfo],
  version: string,
  again: Again
): Provenance {
  const [of, beside] = models.map((model, i) =>
    modelOrigin(model, i === 0 ? 'What changed' : 'to this checkpoint')
  )
  return {
    ...{ version, of: of!, less: null, beside: beside!, precision: 'float32' },
    again
  }
}
