import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { WeightRole } from '#common/model/weight-view.ts'
import { analysis, datasetBytes } from './analyses.ts'
import type { Asked } from './results.ts'
import { refOf } from './runs.ts'
import { headName } from './selection.ts'

/** A part of a tensor as rows and columns: of each the first and the one after the last. */
export interface AskedPart {
  /** Null for all of it. */
  readonly rows: readonly [number, number] | null
  readonly columns: readonly [number, number] | null
}

/** The numbers of a tensor, or of a part of it, as a map of at most so many cells down and across: see `tensor-map`. */
export function tensorMapOf(
  model: ModelInfo,
  tensor: string,
  { rows, columns }: AskedPart,
  pooling: Pooling,
  cells: readonly [number, number]
): Asked<Dataset> {
  const params = {
    ...{ tensor, pooling, cells: [...cells] },
    ...(rows && { rows: [...rows] }),
    ...(columns && { columns: [...columns] })
  }
  // Parts are many, while one goes through them: a session keeps none.
  return ofWeights(model, 'tensor-map', params, `Reading ${tensor}`, !rows && !columns)
}

/** Stored tensors by their names, or a weight by what it does: of each layer, and of each head where it has one. */
export type ChosenWeights = { readonly tensors: readonly string[] } | { readonly role: WeightRole }

/** What the numbers of weights are like: see `weight-statistics`. */
export function weightStatisticsOf(model: ModelInfo, chosen: ChosenWeights): Asked<Dataset> {
  const label = `Statistics of ${nameOf(chosen)}`
  return ofWeights(model, 'weight-statistics', paramsOf(chosen), label)
}

/** The singular values of matrices: see `spectrum`. */
export function spectrumOf(model: ModelInfo, chosen: ChosenWeights): Asked<Dataset> {
  return ofWeights(model, 'spectrum', paramsOf(chosen), `Spectrum of ${nameOf(chosen)}`)
}

/** The principal components of the rows of matrices: see `weight-pca`. */
export function weightPcaOf(model: ModelInfo, chosen: ChosenWeights): Asked<Dataset> {
  return ofWeights(model, 'weight-pca', paramsOf(chosen), `Components of ${nameOf(chosen)}`)
}

/** Whether weights are what training leaves, and what is wrong with them: see `health`. */
export function healthOf(model: ModelInfo): Asked<Dataset> {
  return ofWeights(model, 'health', {}, 'Checking the weights')
}

/** What heads are by their weights: see `head-weights`. */
export function headWeightsOf(
  model: ModelInfo,
  params: { readonly layers?: number[]; readonly parts?: string[] }
): Asked<Dataset> {
  return ofWeights(model, 'head-weights', { ...params }, 'Reading the weights of heads')
}

/** Which heads read what others write: see `composition`. */
export function compositionOf(model: ModelInfo): Asked<Dataset> {
  return ofWeights(model, 'composition', {}, 'Composing heads')
}

/** What a head does from token to token: see `circuits`. */
export function circuitsOf(model: ModelInfo, layer: number, head: number): Asked<Dataset> {
  const label = `Circuits of ${headName(layer, head).toLowerCase()} over the vocabulary`
  return ofWeights(model, 'circuits', { heads: [[layer, head]] }, label)
}

/**
 * How two checkpoints of one architecture differ: see `diff`.
 * @param of what is asked, such as its tensors
 */
export function differenceOf(
  model: ModelInfo,
  other: ModelInfo,
  of: { readonly tensors?: string[]; readonly rows?: number; readonly values: number }
): Asked<Dataset> {
  const label = `Comparing ${of.tensors?.join(', ') ?? 'the weights of two checkpoints'}`
  return ofWeights(model, 'diff', of, label, true, other)
}

/**
 * An analysis of the weights alone.
 * @param isKept whether a session may keep what it comes to
 * @param other what it is compared with
 */
export function ofWeights(
  model: ModelInfo,
  name: string,
  params: Parameters<typeof analysis>[1],
  label: string,
  isKept = true,
  other: ModelInfo | null = null
): Asked<Dataset> {
  const [of, against] = [{ model: refOf(model) }, other && { model: refOf(other) }]
  const { request, ...asked } = analysis(name, params, of, result => result, against)
  return {
    ...asked,
    ...(isKept && request !== undefined && { request }),
    of: other === null ? model.id : `${model.id} ${other.id}`,
    modelId: model.id,
    label,
    bytes: datasetBytes
  }
}

function paramsOf(chosen: ChosenWeights) {
  return 'role' in chosen ? { roles: [chosen.role] } : { tensors: [...chosen.tensors] }
}

function nameOf(chosen: ChosenWeights): string {
  if ('role' in chosen) return chosen.role
  return chosen.tensors.length === 1 ? chosen.tensors[0]! : `${chosen.tensors.length} tensors`
}
