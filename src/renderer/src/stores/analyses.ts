import type { Params } from '#common/contract/api.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { FirstToken } from '#common/analysis/first-token.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import { predictionsOf as listed, type Prediction } from '#common/analysis/predictions.ts'
import { valueCheckOf as counted, type ValueCheck } from '#common/analysis/value-check.ts'
import { shapeOf, variable, type Dataset } from '#common/data/dataset.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { askRun } from './ask-run.ts'
import { useClient } from './client.ts'
import { refOf } from './runs.ts'
import type { Asked } from './results.ts'
import { headName } from './selection.ts'

type AnalysisSubject = Params<'analysis.run'>['of']

/** One head's pattern, every weight of it, in half precision: [query, key]. */
export function patternOf(
  run: Run,
  layer: number,
  head: number,
  firstToken: FirstToken = 'shown'
): Asked<Tensor> {
  const params = { layer, head, exact: false, first_token: firstToken }
  const changed = analysis('patterns', params, runSubject(run), result =>
    tensorOf(result, 'pattern')
  )
  // As it is, it is a value of the run itself: of one head that head alone is read.
  const kept: typeof changed = {
    name: 'pattern',
    params,
    async load(options) {
      const hook = blockHookName(layer, 'attn.hook_pattern')
      const value = await askRun(
        run,
        runId => useClient().call('runs.value', { runId, hook, index: head }, options),
        options
      )
      // A slice of one head may keep its axis.
      return { shape: value.shape.slice(-2), data: value.data }
    }
  }
  return {
    ...(firstToken === 'hidden' ? changed : kept),
    ...ofRun(run),
    label: `Extracting ${headName(layer, head).toLowerCase()}`,
    bytes: ({ data }) => data.byteLength
  }
}

/** Every head of one block, pooled to at most `size` × `size`, in half precision: [head, row, column]. */
export function patternMapsOf(
  run: Run,
  layer: number,
  size: number,
  pooling: Pooling,
  firstToken: FirstToken = 'shown'
): Asked<Tensor> {
  const params = { layer, size, pooling, exact: false, first_token: firstToken }
  return {
    ...analysis('patterns', params, runSubject(run), result => tensorOf(result, 'map')),
    ...ofRun(run),
    label: `Extracting the patterns of block ${layer}`,
    bytes: ({ data }) => data.byteLength
  }
}

/** Every score of every head of one block, each with its baselines. */
export function headScoresOf(run: Run, layer: number): Asked<Dataset> {
  return {
    ...analysis('head-scores', { layers: [layer] }, runSubject(run), result => result),
    ...ofRun(run),
    label: `Scoring the heads of block ${layer}`,
    bytes: ({ variables }) =>
      Object.values(variables).reduce((sum, { data }) => sum + data.byteLength, 0)
  }
}

/** Every score of every head over a corpus, by a run's model with its edits. */
export function corpusScoresOf({ modelId, source }: Run, corpus: NamedCorpus): Asked<Dataset> {
  const { model, edits, provider } = source
  const { of, window, stride, name } = corpus
  const inputs = 'path' in of ? [{ path: of.path }] : of.texts.map(({ input }) => input)
  const subject = { model, corpus: { inputs, window, stride }, edits, provider }
  return {
    ...analysis('head-scores', {}, subject, result => result),
    // Files that were taken as they are now are others.
    params: { of, window, stride, edits, provider },
    of: modelId,
    modelId,
    label: `Scoring heads over ${name}`,
    bytes: ({ variables }) =>
      Object.values(variables).reduce((sum, { data }) => sum + data.byteLength, 0)
  }
}

/** The most probable tokens at a position, most probable first. */
export function predictionsOf(run: Run, position: number, top: number): Asked<Prediction[]> {
  return {
    ...analysis('predictions', { position, top }, runSubject(run), listed),
    ...ofRun(run),
    label: `Predicting at position ${position}`,
    bytes: predictions => 200 * predictions.length
  }
}

/** Probability that the model gave each token: [pos]. */
export function tokenProbabilitiesOf(run: Run): Asked<Float32Array> {
  return {
    ...analysis(
      'token-probabilities',
      {},
      runSubject(run),
      result => tensorOf(result, 'probability').data
    ),
    ...ofRun(run),
    label: 'Computing the probability of each token',
    bytes: ({ byteLength }) => byteLength
  }
}

/** What reading all weights of a model finds. */
export function valueCheckOf(model: ModelInfo): Asked<ValueCheck> {
  return {
    ...analysis('value-check', {}, { model: refOf(model) }, counted),
    of: model.id,
    modelId: model.id,
    label: 'Checking values',
    bytes: ({ notFinite }) => 200 * notFinite.length
  }
}

/** A run as what an analysis is of: its tokens as one window. */
export function runSubject({ source, tokens }: Run): AnalysisSubject {
  const { model, edits, provider } = source
  return { model, corpus: { inputs: [{ ids: tokens.map(({ id }) => id) }] }, edits, provider }
}

function analysis<T>(
  name: string,
  params: Record<string, number | number[] | string | boolean>,
  of: AnalysisSubject,
  read: (result: Dataset) => T
): Pick<Asked<T>, 'name' | 'params' | 'load'> {
  return {
    name,
    params,
    load: async (options: Required<CallOptions>) =>
      read(await useClient().call('analysis.run', { name, params, of }, options))
  }
}

function tensorOf(result: Dataset, name: string): Tensor {
  const found = variable(result, name)
  return { shape: shapeOf(result, found), data: found.data as Float32Array }
}

function ofRun({ id, modelId }: Run): Pick<Asked<never>, 'of' | 'modelId'> {
  return { of: id, modelId }
}
