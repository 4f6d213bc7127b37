import type { Prediction, Run, ValueCheck } from '#common/contract/schemas.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { useClient } from './client.ts'
import type { Asked } from './results.ts'
import { headName } from './selection.ts'

/** One head's pattern, exact: [query, key]. */
export function patternOf(run: Run, layer: number, head: number): Asked<Tensor> {
  return {
    name: 'patterns',
    params: { layer, head },
    ...ofRun(run),
    label: `Extracting ${headName(layer, head).toLowerCase()}`,
    async load(options) {
      const hook = blockHookName(layer, 'attn.hook_pattern')
      const params = { runId: run.id, hook, index: head }
      const value = await useClient().call('runs.value', params, options)
      // A slice of one head may keep its axis.
      return { shape: value.shape.slice(-2), data: value.data }
    },
    bytes: ({ data }) => data.byteLength
  }
}

/** Every head of one block, mean-pooled to at most `size` × `size`: [head, row, column]. */
export function patternMapsOf(run: Run, layer: number, size: number): Asked<Tensor> {
  return {
    name: 'patterns',
    params: { layer, size },
    ...ofRun(run),
    label: `Extracting the patterns of block ${layer}`,
    load: options => useClient().call('runs.patternMaps', { runId: run.id, layer, size }, options),
    bytes: ({ data }) => data.byteLength
  }
}

/** The most probable tokens at a position, most probable first. */
export function predictionsOf(run: Run, position: number, top: number): Asked<Prediction[]> {
  return {
    name: 'predictions',
    params: { position, top },
    ...ofRun(run),
    label: `Predicting at position ${position}`,
    load: options => useClient().call('runs.predict', { runId: run.id, position, top }, options),
    bytes: predictions => 200 * predictions.length
  }
}

/** Probability that the model gave each token: [pos]. */
export function tokenProbabilitiesOf(run: Run): Asked<Float32Array> {
  return {
    name: 'token-probabilities',
    params: {},
    ...ofRun(run),
    label: 'Computing the probability of each token',
    load: async options =>
      (await useClient().call('runs.tokenProbabilities', { runId: run.id }, options)).data,
    bytes: ({ byteLength }) => byteLength
  }
}

/** What reading all weights of a model finds. */
export function valueCheckOf(model: Pick<ModelInfo, 'id'>): Asked<ValueCheck> {
  return {
    name: 'value-check',
    params: {},
    of: model.id,
    modelId: model.id,
    label: 'Checking values',
    load: options => useClient().call('models.checkValues', { modelId: model.id }, options),
    bytes: ({ notFinite }) => 200 * notFinite.length
  }
}

function ofRun({ id, modelId }: Run): Pick<Asked<never>, 'of' | 'modelId'> {
  return { of: id, modelId }
}
