import { join } from 'node:path'
import { z } from 'zod'
import { type Analysis, type ModelFacts } from '#common/analysis/analysis.ts'
import { analyses, analysisNamed } from '#common/analysis/registry.ts'
import type { AnalysisSubject, Corpus } from '#common/analysis/subject.ts'
import type { CallContext, Handlers } from '#common/contract/rpc.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import type { Compute } from '../../compute/compute.ts'
import { checkUnchanged, type Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'
import { tokensOfIds } from '../run/run-record.ts'
import { runnable, type Runnable } from '../run/runnable.ts'
import { labelTokens } from '../run/label-tokens.ts'
import type { Sources } from '../run/sources.ts'
import { sha256 } from '../sha256.ts'
import type { StatusBoard } from '../status.ts'
import { corpusSources, type CorpusSource } from './corpus-sources.ts'
import { corpusStart, corpusWindows } from './corpus-windows.ts'
import { runCorpus, type CorpusTask } from './corpus-run.ts'
import { createKeptResults } from './kept-results.ts'
import { labelled } from './labelled.ts'
import { createSharedWork } from './shared-work.ts'
import { eachStoredFloat } from './stored-floats.ts'
import type { WindowRuns } from './window-runs.ts'

/** What results and states may take on the disk, in bytes. */
const mostKept = 2 ** 30

/** The analyses that there are, and what is asked of them. */
export interface Analyses {
  readonly handlers: Pick<Handlers, 'analysis.list' | 'analysis.run'>
}

export interface AnalysesOptions {
  readonly models: OpenModels
  readonly runs: WindowRuns
  readonly sources: Sources
  readonly compute: Compute
  readonly status: StatusBoard
  readonly dataFolder: string
}

export function createAnalyses(options: AnalysesOptions): Analyses {
  const { models, runs, sources, compute, status, dataFolder } = options
  const kept = createKeptResults(join(dataFolder, 'analyses'), mostKept)
  const shared = createSharedWork<Dataset>()

  /** The result that is kept, or that of the work. */
  async function keptOr(
    key: string | null,
    model: Model,
    work: () => Promise<Dataset>
  ): Promise<Dataset> {
    const found = key === null ? null : await kept.result(key)
    if (found !== null) return found
    const result = await work()
    // Numbers of a file that changed meanwhile are of neither.
    await checkUnchanged(model)
    if (key !== null) await kept.keepResult(key, result)
    return result
  }

  async function ofWeights(
    analysis: Analysis,
    params: unknown,
    model: Model,
    context: CallContext
  ): Promise<Dataset> {
    const facts = factsOf(model, 'weights')
    const needs = analysis.needs(params, facts)
    const key = sha256(
      'weights',
      analysis.name,
      String(analysis.version),
      jsonOf(params),
      model.info.id
    )
    const attributes = attributesOf(analysis, params, model)
    return shared.of(key, context, async context =>
      keptOr(analysis.keeps ? key : null, model, async () => {
        const { name } = analysis
        const start = { name, params, model: facts, state: null }
        const computation = await compute.start(start, context.signal)
        try {
          if (needs.tensors) await eachStoredFloat(model, taken => computation.take(taken), context)
          const result = await computation.result()
          return { ...result, attributes: { ...attributes, ...result.attributes } }
        } finally {
          computation.end()
        }
      })
    )
  }

  async function ofRuns(
    analysis: Analysis,
    params: unknown,
    opened: Model,
    subject: AnalysisSubject,
    context: CallContext
  ): Promise<Dataset> {
    const model = runnable(opened)
    const facts = factsOf(model, 'runs')
    analysis.needs(params, facts)
    const corpus = subject.corpus ?? ownCorpus(analysis, params, facts)
    const found = await corpusSources(corpus.inputs, context.signal)
    let provider = subject.provider
    const open = async (tokens: readonly Token[], context: CallContext) => {
      const input = { ids: tokens.map(({ id }) => id) }
      const { record } = await sources.open(
        model,
        { input, edits: subject.edits, provider },
        context
      )
      // Once chosen it stays, whatever is measured meanwhile.
      provider = record.run.source.provider
      return record
    }
    const rules = { model, corpus, signal: context.signal, leave: () => undefined }
    let first = ''
    for await (const { tokens } of corpusWindows(found, rules, corpusStart)) {
      first = (await open(tokens, context)).run.id
      break
    }
    // The first window's run stands for the model, its tokenizer and the provider.
    const key = sha256(
      'runs',
      analysis.name,
      String(analysis.version),
      jsonOf(params),
      model.info.id,
      first,
      JSON.stringify([corpus.window, corpus.stride, subject.edits]),
      ...found.sources.map(identityOf)
    )
    const task: CorpusTask<unknown> = {
      ...{ analysis, params, model, facts, corpus, sources: found, open },
      key: analysis.keeps ? key : null
    }
    const attributes = {
      ...attributesOf(analysis, params, model),
      provider,
      ...(subject.edits.length > 0 && {
        edits: JSON.parse(jsonOf(subject.edits)) as Dataset['attributes'][string]
      }),
      window: corpus.window,
      stride: corpus.stride
    }
    return shared.of(key, context, async context =>
      keptOr(task.key, model, async () => {
        const { result, reading, only } = await runCorpus(task, { compute, kept, runs }, context)
        const own = analysis.described?.(result, ids => describe(model, ids)) ?? result
        const named = labelled(own, reading, only)
        return { ...named, attributes: { ...attributes, ...named.attributes } }
      })
    )
  }

  return {
    handlers: {
      'analysis.list': () =>
        Promise.resolve(
          analyses.map(({ name, about, of, gives, params }) => ({
            name,
            of,
            about: {
              ...about,
              formulas: [...about.formulas],
              sources: [...about.sources]
            },
            gives: gives.map(given => ({ ...given, axes: [...given.axes] })),
            params: z.toJSONSchema(params, { io: 'input' }) as Dataset['attributes'][string]
          }))
        ),

      async 'analysis.run'({ name, params: given, of: subject, with: other }, context) {
        const analysis = analysisNamed(name)
        if (other !== null)
          throw new LamellaError('invalid-argument', `${name}: is of one subject, not of two`)
        const params = paramsOf(analysis, given)
        const model = models.resolve(subject.model)
        if (analysis.of === 'weights' && subject.corpus !== null)
          throw new LamellaError(
            'invalid-argument',
            `${name}: is of the model's weights; it takes no text`
          )
        const result = await models.use(model, context, within =>
          analysis.of === 'weights'
            ? ofWeights(analysis, params, model, within)
            : ofRuns(analysis, params, model, subject, within)
        )
        status.changed()
        return result
      }
    }
  }
}

function paramsOf({ name, params }: Analysis, given: unknown): unknown {
  const parsed = params.safeParse(given, { reportInput: true })
  if (parsed.success) return parsed.data
  throw new LamellaError('invalid-argument', `${name}: ${firstFault(parsed.error)}`)
}

function ownCorpus(analysis: Analysis, params: unknown, facts: ModelFacts): Corpus {
  const windows = analysis.windows?.(params, facts)
  if (windows === undefined)
    throw new LamellaError('invalid-argument', `${analysis.name}: a text is needed, or token ids`)
  return { inputs: windows.map(ids => ({ ids: [...ids] })), window: null, stride: null }
}

function factsOf({ info, spec }: Model, of: 'weights' | 'runs'): ModelFacts {
  const { name, config, visibility, predicts, tensors } = info
  return {
    name,
    config,
    visibility,
    predicts,
    labels: spec?.unembedding?.labels ?? null,
    tensors: of === 'runs' ? [] : tensors
  }
}

/** Ids of the vocabulary or of labels, as tokens. */
function describe(model: Runnable, ids: readonly number[]): readonly Token[] {
  const labels = model.spec?.unembedding?.labels ?? null
  return labels === null ? tokensOfIds(model, ids) : labelTokens(labels, ids)
}

function attributesOf(analysis: Analysis, params: unknown, { info }: Model): Dataset['attributes'] {
  return {
    analysis: analysis.name,
    version: analysis.version,
    params: JSON.parse(jsonOf(params)) as Dataset['attributes'][string],
    model: info.name,
    fingerprint: info.fingerprint
  }
}

/** Params have been through their schema, which puts their keys in one order. */
function jsonOf(params: unknown): string {
  return JSON.stringify(params)
}

function identityOf(source: CorpusSource): string {
  if (source.kind === 'text') return sha256('text', source.text)
  if (source.kind === 'ids') return sha256('ids', source.ids.join())
  return sha256('file', source.file.path, source.file.mark)
}
