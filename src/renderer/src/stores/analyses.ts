import type { Params } from '#common/contract/api.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { LensPart } from '#common/analysis/lens/lens.ts'
import type { FirstToken } from '#common/analysis/first-token.ts'
import type { Aggregation } from '#common/analysis/aggregate.ts'
import type { Pooling } from '#common/analysis/pool.ts'
import { predictionsOf as predictionList, type Prediction } from '#common/analysis/predictions.ts'
import { precisionOf } from '#common/analysis/result-precision.ts'
import { valueCheckOf as counted, type ValueCheck } from '#common/analysis/value-check.ts'
import { shapeOf, variable, type Dataset } from '#common/data/dataset.ts'
import type { ReadOver } from '#common/figure/views/origin.ts'
import { LamellaError } from '#common/model/errors.ts'
import { blockHookName } from '#common/model/hooks.ts'
import { corpusInputs, type NamedCorpus } from '#common/model/library.ts'
import { isSameModel } from '#common/model/model-ref.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { HeadList } from '#common/text/head-list.ts'
import { askRun } from './ask-run.ts'
import { useClient } from './client.ts'
import { useCorpora } from './corpora.ts'
import { useModels } from './models.ts'
import { refOf } from './runs.ts'
import type { Asked } from './results.ts'
import { headName } from './selection.ts'

type AnalysisSubject = Params<'analysis.run'>['of']
export type AnalysisParams = Extract<
  NonNullable<Params<'analysis.run'>['params']>,
  Readonly<Record<string, unknown>>
>

/** What a map is drawn of, and what its numbers are rounded to. */
export interface PatternTensor extends Tensor {
  readonly precision: 'float32' | 'float16'
}

/** One head's pattern, every weight of it, in half precision: [query, key]. */
export function patternOf(
  run: Run,
  layer: number,
  head: number,
  firstToken: FirstToken = 'shown'
): Asked<PatternTensor> {
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
      return { shape: value.shape.slice(-2), data: value.data, precision: 'float16' }
    }
  }
  return {
    ...(firstToken === 'hidden' ? changed : kept),
    ...ofRun(run),
    label: `Extracting ${headName(layer, head).toLowerCase()}`,
    bytes: ({ data }) => data.byteLength
  }
}

/** Several heads together, in half precision: [query, key]. */
export function aggregateOf(
  run: Run,
  { how, heads, firstToken }: { how: Aggregation; heads: HeadList | null; firstToken: FirstToken },
  name: string
): Asked<PatternTensor> {
  const listed = heads && { heads: heads.map(head => [...head]) }
  const params = { how, ...listed, exact: false, first_token: firstToken }
  return {
    ...analysis('aggregate', params, runSubject(run), result => tensorOf(result, 'pattern')),
    ...ofRun(run),
    label: `Taking together: ${name.toLowerCase()}`,
    bytes: ({ data }) => data.byteLength
  }
}

/** How much of each token has come to each place after a block: [query, key]. */
export function rolloutOf(run: Run, layer: number): Asked<PatternTensor> {
  const params = { layers: [layer], flow_tokens: 0 }
  return {
    ...analysis('rollout', params, runSubject(run), result => {
      const { shape, ...own } = tensorOf(result, 'rollout')
      return { shape: shape.slice(1), ...own }
    }),
    ...ofRun(run),
    label: `Rolling attention out to block ${layer}`,
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
    bytes: datasetBytes
  }
}

/** The values of hooks at each token of a text: see `activations`. */
export function activationsOf(run: Run, params: AnalysisParams): Asked<Dataset> {
  return {
    ...analysis('activations', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label: 'Reading activations', bytes: datasetBytes }
  }
}

/** The embedding of each token of a text, what its position adds, and the sum. */
export function embeddingSumOf(run: Run): Asked<Dataset> {
  return {
    ...analysis('embedding-sum', {}, runSubject(run), result => result),
    ...{ ...ofRun(run), label: 'Adding positions to tokens', bytes: datasetBytes }
  }
}

/** Which experts of a block, or of all, take part at each token of a text. */
export function expertsOf(run: Run, layer: number | null): Asked<Dataset> {
  const layers = layer === null ? null : [layer]
  return {
    ...analysis('experts', { layers }, runSubject(run), result => result),
    ...ofRun(run),
    label: layer === null ? 'Reading the routers' : `Reading the router of block ${layer}`,
    bytes: datasetBytes
  }
}

/** How the weights of one query of a head came about, in float32. */
export function queryKeyOf(run: Run, layer: number, head: number, query: number): Asked<Dataset> {
  return {
    ...analysis('query-key', { layer, head, query }, runSubject(run), result => result),
    ...ofRun(run),
    label: `Taking query ${query} of ${headName(layer, head).toLowerCase()} apart`,
    bytes: datasetBytes
  }
}

/** Every score of every head over a corpus, by a run's model with its edits. */
export function corpusScoresOf(run: Run, corpus: NamedCorpus): Asked<Dataset> {
  const { window, stride, name } = corpus
  return overCorpus(
    run,
    { corpus, window, stride },
    'head-scores',
    {},
    `Scoring heads over ${name}`
  )
}

/** What heads are scored over, and how that is cut into windows. */
export interface ScoredOver extends ReadOver {
  /** Null for the run's own text. */
  readonly corpus: NamedCorpus | null
}

/** Texts that are read, or their sentences. */
export interface ReadTexts extends NamedCorpus {
  readonly sentences?: true
}

/** How texts are read: as they are cut, or by sentences. */
export function readBy(corpus: ReadTexts): ScoredOver {
  const { window, stride, sentences } = corpus
  return sentences ? { corpus, window: null, stride: null, sentences } : { corpus, window, stride }
}

/** What is drawn by chance is drawn alike each time. */
export const scoringSeed = 0

/** What each head does, and how sure that is, over a corpus or the run's text: see `head-statistics`. */
export function headStatisticsOf(
  run: Run,
  over: ScoredOver,
  params: {
    /** Null for all. */
    readonly layers: number[] | null
    /** Regular expressions by the names of their classes. */
    readonly classes: Record<string, string>
  }
): Asked<Dataset> {
  const label = `Scoring heads over ${over.corpus?.name ?? 'the text'}`
  return overCorpus(run, over, 'head-statistics', { ...params, seed: scoringSeed }, label)
}

/** How differently each two heads attend, over the same: see `head-distances`. */
export function headDistancesOf(
  run: Run,
  over: ScoredOver,
  layers: number[] | null
): Asked<Dataset> {
  const label = `Comparing heads over ${over.corpus?.name ?? 'the text'}`
  return overCorpus(run, over, 'head-distances', { layers }, label)
}

/** The loss without each head of some layers, over the same. */
export function headAblationOf(run: Run, over: ScoredOver, layers: number[]): Asked<Dataset> {
  const label = `Ablating heads over ${over.corpus?.name ?? 'the text'}`
  return overCorpus(run, over, 'ablation', { layers }, label)
}

/** How a score of one head's queries is distributed over a corpus or the run's text, with contexts: see `head-contexts`. */
export function headContextsOver(
  run: Run,
  over: ScoredOver,
  params: {
    readonly layer: number
    readonly head: number
    readonly score: string
    readonly bins: number
    readonly by: string
    readonly per_bin: number
    readonly around: number
    readonly seed: number
    readonly first_token: FirstToken
  }
): Asked<Dataset> {
  const name = headName(params.layer, params.head).toLowerCase()
  return overCorpus(run, over, 'head-contexts', params, `Drawing contexts of ${name}`)
}

/** What neurons do over a corpus, or over the run's text as a whole: see `neurons`. */
export function neuronsOf(
  run: Run,
  over: ScoredOver,
  params: AnalysisParams,
  label: string
): Asked<Dataset> {
  if (over.corpus !== null)
    return overCorpus(run, over, 'neurons', params, `${label} over ${over.corpus.name}`)
  return {
    ...analysis('neurons', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label, bytes: datasetBytes }
  }
}

/** Hidden states of a run's text, or of each of several: see `hidden-states`. */
export function hiddenStatesOf(
  run: Run,
  texts: ReadTexts | null,
  params: AnalysisParams
): Asked<Dataset> {
  if (texts !== null) {
    return overCorpus(run, readBy(texts), 'hidden-states', params, `Comparing ${texts.name}`)
  }
  return {
    ...analysis('hidden-states', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label: 'Comparing hidden states', bytes: datasetBytes }
  }
}

/** What each head does on random tokens that come twice, by a run's model with its edits. */
export function randomRepeatOf({ modelId, source }: Run): Asked<Dataset> {
  const { model, edits, provider } = source
  return {
    ...analysis(
      'random-repeat',
      { seed: scoringSeed },
      { model, edits, provider },
      result => result
    ),
    params: { edits, provider },
    of: modelId,
    modelId,
    label: 'Scoring heads on random tokens',
    bytes: datasetBytes
  }
}

/** A number of what the checkpoints beside a run's model read, one after the other: see `timeline`. */
export function timelineOver(
  run: Run,
  over: ScoredOver,
  params: AnalysisParams,
  label: string
): Asked<Dataset> {
  return overCorpus(run, over, 'timeline', params, label)
}

/** An analysis of what a run's model reads with its edits. */
function overCorpus(
  run: Run,
  over: ScoredOver,
  name: string,
  params: AnalysisParams,
  label: string
): Asked<Dataset> {
  const { modelId, source } = run
  const { edits, provider, input } = source
  const { corpus, window, stride, sentences } = over
  const { of } = corpus ?? {}
  return {
    ...analysis(name, params, subjectOver(run, over), result => result),
    // Files that were taken as they are now are others.
    params: { ...params, of: of ?? input, window, stride, sentences, edits, provider },
    of: modelId,
    modelId,
    label,
    bytes: datasetBytes
  }
}

/** What a run's model reads with its edits: a corpus, or the run's own text. */
export function subjectOver(
  { source }: Run,
  { corpus, window, stride, sentences }: ScoredOver
): AnalysisSubject {
  const { model, edits, provider, input } = source
  const inputs = corpus === null ? [input] : corpusInputs(corpus.of)
  const parted = sentences && { sentences }
  return { model, corpus: { inputs, window, stride, ...parted }, edits, provider }
}

export function datasetBytes({ variables }: Dataset): number {
  return Object.values(variables).reduce((sum, { data }) => sum + data.byteLength, 0)
}

/** The most probable tokens at a position, most probable first. */
export function predictionsOf(run: Run, position: number, top: number): Asked<Prediction[]> {
  return {
    ...analysis('predictions', { position, top }, runSubject(run), numbersOf),
    ...ofRun(run),
    label: `Predicting at position ${position}`,
    bytes: predictions => 200 * predictions.length
  }
}

/** @throws LamellaError `unsupported` where logits are no numbers */
function numbersOf(result: Dataset): Prediction[] {
  const list = predictionList(result)
  if (list.length > 0) return list
  throw new LamellaError(
    'unsupported',
    'The logits at this position are not numbers, and nothing is expected',
    'The weights or the edits are why.'
  )
}

/** What each layer would say at every position: see `lens`. */
export function lensOf(run: Run, part: LensPart, target: number | null): Asked<Dataset> {
  const tokens = target === null ? null : [target]
  const params = { parts: [part], top: 10, tokens, norms: false }
  return {
    ...analysis('lens', params, runSubject(run), result => result),
    ...ofRun(run),
    label: 'Asking each layer for its prediction',
    bytes: datasetBytes
  }
}

/** What a logit, or a difference of two, is the sum of, also by the tokens that heads read: see `direct-logit-attribution`. */
export function directOf(run: Run, targets: string): Asked<Dataset> {
  const params = { targets, by_token: true }
  return {
    ...analysis('direct-logit-attribution', params, runSubject(run), result => result),
    ...ofRun(run),
    label: 'Taking a logit apart',
    bytes: datasetBytes
  }
}

/** How a number depends on each token: see `saliency`. */
export function saliencyOf(run: Run, params: AnalysisParams, label: string): Asked<Dataset> {
  return {
    ...analysis('saliency', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label, bytes: datasetBytes }
  }
}

/** How a number at every position depends on every token: see `saliency-map`. */
export function saliencyMapOf(run: Run, params: AnalysisParams): Asked<Dataset> {
  return {
    ...analysis('saliency-map', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label: 'Asking at every position', bytes: datasetBytes }
  }
}

/** Why a model prefers one token to another, of a run's text or of each of several: see `why`. */
export function whyOf(
  run: Run,
  { at, by, parts = null }: { at: string; by: 'zero' | 'mean'; parts?: string | null },
  prompts: NamedCorpus | null
): Asked<Dataset> {
  const params = { at, by, parts }
  const label = 'Asking why'
  if (prompts !== null)
    return overCorpus(run, readBy(prompts), 'why', params, `${label} over ${prompts.name}`)
  return {
    ...analysis('why', params, runSubject(run), result => result),
    ...{ ...ofRun(run), label, bytes: datasetBytes }
  }
}

/** How probable the model held each token, with surprisal, rank and entropy: see `token-probabilities`. */
export function tokenProbabilitiesOf(run: Run, masked: string | null = null): Asked<Dataset> {
  return {
    ...analysis('token-probabilities', { masked }, runSubject(run), result => result),
    ...ofRun(run),
    label: 'Computing the probability of each token',
    bytes: datasetBytes
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

/** What points are of, where they are not of the weights: a run's tokens, or several texts that its model reads. */
export interface PointTexts {
  readonly run: Run
  /** Null of the run's tokens. */
  readonly texts: ReadTexts | null
}

/**
 * Vectors of a model's weights, of a run's tokens or of texts, in the plane or in space: see `project`.
 * @param from null where they are of the weights
 */
export function projectionOf(
  model: ModelInfo,
  from: PointTexts | null,
  params: AnalysisParams
): Asked<Dataset> {
  return ofPoints('project', model, from, params, 'Laying points out')
}

/**
 * The same vectors in clusters: see `point-clusters`.
 * @param from null where they are of the weights
 */
export function pointClustersOf(
  model: ModelInfo,
  from: PointTexts | null,
  params: AnalysisParams
): Asked<Dataset> {
  return ofPoints('point-clusters', model, from, params, 'Finding clusters')
}

function ofPoints(
  name: string,
  model: ModelInfo,
  from: PointTexts | null,
  params: AnalysisParams,
  label: string
): Asked<Dataset> {
  if (from !== null && from.texts !== null)
    return overCorpus(from.run, readBy(from.texts), name, params, label)
  const run = from?.run ?? null
  const subject = run === null ? { model: refOf(model) } : runSubject(run)
  return {
    ...analysis(name, params, subject, result => result),
    of: run?.id ?? model.id,
    modelId: model.id,
    label,
    bytes: datasetBytes
  }
}

/** What of a corpus is read, and how that is cut. */
export function textsOf({ name, of, window, stride }: NamedCorpus) {
  return { name, inputs: corpusInputs(of), window, stride }
}

/** How often tokens stand in a corpus, as a model's tokenizer splits it: see `token-counts`. */
export function tokenCountsOf(model: ModelInfo, named: NamedCorpus): Asked<Dataset> {
  const { of, window, stride } = named
  const { name, ...corpus } = textsOf(named)
  return {
    ...analysis('token-counts', {}, { model: refOf(model), corpus }, result => result),
    // Files that were taken as they are now are others.
    params: { of, window, stride },
    of: model.id,
    modelId: model.id,
    label: `Counting tokens of ${name}`,
    bytes: datasetBytes
  }
}

/** How a model tells positions: see `positions`. */
export function positionsOf(model: ModelInfo, params: AnalysisParams): Asked<Dataset> {
  return {
    ...analysis('positions', params, { model: refOf(model) }, result => result),
    of: model.id,
    modelId: model.id,
    label: 'Looking at positions',
    bytes: datasetBytes
  }
}

/** A run as what an analysis is of: its tokens as one window. */
export function runSubject({ source, tokens }: Run): AnalysisSubject {
  const { model, edits, provider } = source
  return { model, corpus: { inputs: [{ ids: tokens.map(({ id }) => id) }] }, edits, provider }
}

/** @param other what it is compared with, of one that compares */
export function analysis<T>(
  name: string,
  params: AnalysisParams,
  of: AnalysisSubject,
  read: (result: Dataset) => T,
  other: AnalysisSubject | null = null
): Pick<Asked<T>, 'name' | 'params' | 'request' | 'load'> {
  const request = { name, params, of, ...(other !== null && { with: other }) }
  return {
    name,
    params,
    request,
    async load(options: Required<CallOptions>) {
      for (const subject of [of, other]) await confirmFiles(subject, options.signal)
      return read(await useClient().call('analysis.run', request, options))
    }
  }
}

/** Of a model that is not there a session's file answers, and no other is read. */
async function confirmFiles(of: AnalysisSubject | null, signal: AbortSignal): Promise<void> {
  if (of === null) return
  const model = useModels().open.find(open => isSameModel(open, of.model))
  if (model?.absent !== undefined) return
  for (const input of of.corpus?.inputs ?? [])
    if ('path' in input) await useCorpora().confirm(input.path, signal)
}

function tensorOf(result: Dataset, name: string): PatternTensor {
  const found = variable(result, name)
  const data = found.data as Float32Array
  return { shape: shapeOf(result, found), data, precision: precisionOf(result) }
}

function ofRun({ id, modelId }: Run): Pick<Asked<never>, 'of' | 'modelId'> {
  return { of: id, modelId }
}
