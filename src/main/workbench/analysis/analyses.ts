import { isDeepStrictEqual } from 'node:util'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { Analysis, ModelFacts, Naming, Needs, Side, Taken } from '#common/analysis/analysis.ts'
import { analysisNamed, everyAnalysis } from '#common/analysis/registry.ts'
import type { AnalysisSubject, Corpus } from '#common/analysis/subject.ts'
import { timeline } from '#common/analysis/timeline/timeline.ts'
import type { CallContext, HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { LamellaError } from '#common/model/errors.ts'
import { labelTokens } from '#common/model/labels.ts'
import type { Token } from '#common/model/token.ts'
import type { Compute } from '../../compute/compute.ts'
import { checkUnchanged, type Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'
import { tokensOfIds } from '../model/tokenize.ts'
import { canonicalEdits } from '../run/canonical-edits.ts'
import { runnable, type Runnable } from '../run/runnable.ts'
import type { Sources } from '../run/sources.ts'
import { sha256 } from '../../files/sha256.ts'
import type { DataFolder } from '../data-folder.ts'
import { createSharedWork } from '../shared-work.ts'
import type { StatusBoard } from '../status.ts'
import { checkedParams, checkSubjects } from './checked-params.ts'
import { computing, waiting } from './computing.ts'
import { corpusSources, type CorpusSource, type ReadPath } from './corpus-sources.ts'
import { beginCorpus } from './corpus-windows.ts'
import { runCorpus, type CorpusTask } from './corpus-run.ts'
import { createKeptResults } from './kept-results.ts'
import { checkSameTokens, checkSameVocabulary } from './same-tokens.ts'
import { eachInTurn } from './each-in-turn.ts'
import { eachWeight } from './each-weight.ts'
import { labelled } from './labelled.ts'
import { factsOf } from './model-facts.ts'
import { attributesOf, jsonOf, madeWith, modelOf, readAs } from './result-attributes.ts'
import { eachStoredFloat } from './stored-floats.ts'
import { eachTensorPart } from './tensor-parts.ts'
import { createTimeline } from './timeline.ts'
import type { WindowRuns } from './window-runs.ts'

type Attribute = Dataset['attributes'][string]

/** What results and states may take on the disk, in bytes. */
const mostKept = 2 ** 30

/** The analyses that there are, and what is asked of them. */
export interface Analyses {
  readonly handlers: Pick<Handlers, 'analysis.list' | 'analysis.run'>
  /** Computes as `analysis.run` does, of texts that are read otherwise. */
  readonly reading: (read: (context: HandlerContext) => ReadPath) => Handlers['analysis.run']
  close(): Promise<void>
}

export interface AnalysesOptions {
  readonly models: OpenModels
  readonly runs: WindowRuns
  readonly sources: Sources
  readonly compute: Compute
  /** The module that the thread of kept results runs. */
  readonly keptEntry: string
  readonly status: StatusBoard
  readonly data: Pick<DataFolder, 'refused'>
  /** Where results and states are kept. */
  readonly keptFolder: string
  /** Reads the texts at a path for a client. */
  readonly read: (context: HandlerContext) => ReadPath
}

export function createAnalyses(options: AnalysesOptions): Analyses {
  const { models, runs, sources, compute, keptEntry, keptFolder, status, data } = options
  const kept = createKeptResults({
    entry: keptEntry,
    folder: keptFolder,
    limitBytes: mostKept,
    refused: data.refused
  })
  const shared = createSharedWork<Dataset>()

  /** The result that is kept, or that of the work, which says whether it is to be kept. */
  async function keptOr(
    key: string | null,
    models: readonly Model[],
    work: () => Promise<{ readonly result: Dataset; readonly lasts: boolean }>
  ): Promise<Dataset> {
    const found = key === null ? null : await kept.result(key)
    if (found !== null) return found
    const { result, lasts } = await work()
    // Numbers of a file that changed meanwhile are of neither.
    for (const model of models) await checkUnchanged(model)
    if (key !== null && lasts) await kept.keepResult(key, result)
    return result
  }

  /** @param models one, or the one that it is of and the one that it is compared with */
  async function ofWeights(
    analysis: Analysis,
    params: unknown,
    models: readonly [Model, ...Model[]],
    context: CallContext
  ): Promise<Dataset> {
    const [model, other] = models
    const facts = await factsOf(model, 'weights', analysis.texts?.(params) ?? [], context.signal)
    const needs = analysis.needs(params, facts, 0)
    const key = sha256([
      'weights',
      analysis.name,
      String(analysis.version),
      jsonOf(params),
      ...models.map(({ info }) => info.id)
    ])
    const attributes = {
      ...attributesOf(analysis, params, model),
      ...(other !== undefined && { with: modelOf(other) as Attribute })
    }
    return shared.of(key, context, async context =>
      keptOr(analysis.keeps ? key : null, models, async () => {
        const { name } = analysis
        const start = { name, params, model: facts, state: null }
        const computation = await compute.start(start, context.signal, waiting(context))
        const take = (taken: Taken, side?: Side) => computation.take(taken, side)
        try {
          if (needs.tensors.length > 0) await eachStoredFloat(models, needs.tensors, take, context)
          if (needs.weights.length > 0) await eachWeight(model, needs.weights, take, context)
          if (needs.parts.length > 0) await eachTensorPart(model, needs.parts, take, context)
          const report = computing(name, context)
          report(0, 0)
          const own = await computation.result(report)
          const result = (await analysis.described?.(own, namingOf(model))) ?? own
          const attributed = { ...attributes, ...result.attributes }
          return { result: { ...result, attributes: attributed }, lasts: true }
        } finally {
          computation.end()
        }
      })
    )
  }

  async function ofRuns(
    analysis: Analysis,
    params: unknown,
    subjects: readonly RunSubject[],
    given: Corpus | null,
    read: ReadPath,
    context: CallContext
  ): Promise<Dataset> {
    const [{ model, facts }] = subjects as readonly [RunSubject]
    const [{ exact }] = subjects.map(({ facts }) => analysis.needs(params, facts, 0)) as [Needs]
    const corpus = given ?? ownCorpus(analysis, params, facts)
    const found = await corpusSources(corpus.inputs, context, read)
    const providers = subjects.map(({ provider }) => provider)
    const open = (tokens: readonly Token[], context: CallContext) => {
      const input = { ids: tokens.map(({ id }) => id) }
      return eachInTurn(subjects, async ({ model, facts, edits }, i) => {
        if (i > 0) await checkSameTokens(subjects[0]!.model, model, tokens)
        const opened = async (more: readonly Edit[]) => {
          const source = { input, edits: [...edits, ...more], provider: providers[i]! }
          return (await sources.open(model, source, context)).record
        }
        const record = await opened([])
        // Once chosen it stays, whatever is measured meanwhile.
        providers[i] = record.run.source.provider
        return { record, facts, edited: opened }
      })
    }
    const begun = await beginCorpus(found, { model, corpus, signal: context.signal })
    const first = begun.first === null ? [] : await open(begun.first.tokens, context)
    // The first window's runs stand for the models, their tokenizers and the providers.
    const key = sha256([
      'runs',
      analysis.name,
      String(analysis.version),
      jsonOf(params),
      ...subjects.map(({ model }) => model.info.id),
      ...first.map(({ record }) => record.run.id),
      JSON.stringify([
        corpus.window,
        corpus.stride,
        ...(corpus.sentences ? ['sentences'] : []),
        ...subjects.map(({ edits }) => canonicalEdits(edits))
      ]),
      // What is left out is said in the result.
      JSON.stringify(found.left),
      ...found.sources.map(identityOf)
    ])
    const task: CorpusTask<unknown> = {
      ...{ analysis, params, model, facts, corpus, sources: found, begun, open },
      key: analysis.keeps ? key : null
    }
    const [own, other] = subjects.map(({ edits }, i) => madeWith(edits, providers[i]!))
    const attributes = {
      ...attributesOf(analysis, params, model),
      ...own,
      ...(other !== undefined && {
        with: { ...modelOf(subjects[1]!.model), ...other } as Attribute
      }),
      ...readAs(corpus, exact)
    }
    return shared.of(key, context, async context =>
      keptOr(
        task.key,
        subjects.map(({ model }) => model),
        async () => {
          const { result, reading, lasts } = await runCorpus(task, { compute, kept, runs }, context)
          const own = (await analysis.described?.(result, namingOf(model))) ?? result
          const named = labelled(own, reading)
          const attributed = { ...attributes, ...named.attributes }
          return { result: { ...named, attributes: attributed }, lasts }
        }
      )
    )
  }

  /** An analysis of the weights of one model, or of two. */
  async function analyseWeights(
    analysis: Analysis,
    params: unknown,
    subject: AnalysisSubject,
    other: AnalysisSubject | null,
    context: CallContext
  ): Promise<Dataset> {
    const refuse = (what: string) => {
      const message = `${analysis.name}: is of the model's weights; ${what}`
      return new LamellaError('invalid-argument', message)
    }
    const modelOfWeights = ({ model, corpus, edits }: AnalysisSubject) => {
      if (corpus !== null) throw refuse('it takes no text')
      if (edits.length > 0) throw refuse('edits change runs alone')
      return models.resolve(model)
    }
    const own = modelOfWeights(subject)
    if (other === null)
      return models.use(own, context, within => ofWeights(analysis, params, [own], within))
    const second = modelOfWeights(other)
    return models.use(own, context, within =>
      models.use(second, within, within => ofWeights(analysis, params, [own, second], within))
    )
  }

  /** An analysis of runs, of one subject or of two. */
  async function analyseRuns(
    analysis: Analysis,
    params: unknown,
    subject: AnalysisSubject,
    other: AnalysisSubject | null,
    read: ReadPath,
    context: CallContext
  ): Promise<Dataset> {
    const { corpus } = subject
    checkCut(corpus)
    const texts = analysis.texts?.(params) ?? []
    const own = runnable(models.resolve(subject.model))
    const withFacts = async (model: Runnable, { edits, provider }: AnalysisSubject) => {
      const facts = await factsOf(model, 'runs', texts, context.signal)
      return { model, facts, edits, provider }
    }
    if (other === null)
      return models.use(own, context, async within =>
        ofRuns(analysis, params, [await withFacts(own, subject)], corpus, read, within)
      )
    if (other.corpus !== null && !isDeepStrictEqual(other.corpus, corpus))
      throw new LamellaError(
        'invalid-argument',
        `${analysis.name}: compares two subjects on the same text; the second has another`,
        'Leave out its text.'
      )
    const second = runnable(models.resolve(other.model))
    checkSameVocabulary(own, second)
    return models.use(own, context, within =>
      models.use(second, within, async within => {
        const subjects = [await withFacts(own, subject), await withFacts(second, other)]
        return ofRuns(analysis, params, subjects, corpus, read, within)
      })
    )
  }

  function reading(read: AnalysesOptions['read']): Handlers['analysis.run'] {
    /** An analysis of one model, or one that compares two. */
    const analyse: Handlers['analysis.run'] = async (
      { name, params: given, of: subject, with: other },
      context
    ) => {
      const analysis = analysisNamed(name)
      const params = checkedParams(analysis, given)
      checkSubjects(analysis, other)
      return analysis.of === 'weights' || analysis.ofWeights?.(params) === true
        ? analyseWeights(analysis, params, subject, other, context)
        : analyseRuns(analysis, params, subject, other, read(context), context)
    }
    const timelineOf = createTimeline(models, analyse)
    return async (request, context) => {
      const ask = request.name === timeline.name ? timelineOf : analyse
      const result = await ask(request, context)
      status.changed()
      return result
    }
  }

  return {
    reading,
    close: () => kept.close(),
    handlers: {
      'analysis.list': () =>
        Promise.resolve(
          everyAnalysis.map(({ name, about, of, compares, gives, params }) => ({
            name,
            of,
            compares,
            about: {
              ...about,
              formulas: [...about.formulas],
              sources: [...about.sources]
            },
            gives: gives.map(given => ({ ...given, axes: [...given.axes] })),
            params: paramsSchema(params) as Attribute
          }))
        ),

      'analysis.run': reading(options.read)
    }
  }
}

/** What an analysis of runs is of. */
interface RunSubject extends Pick<AnalysisSubject, 'edits' | 'provider'> {
  readonly model: Runnable
  readonly facts: ModelFacts
}

function checkCut(corpus: Corpus | null): void {
  if (corpus?.sentences && (corpus.window !== null || corpus.stride !== null))
    throw new LamellaError(
      'invalid-argument',
      'Each sentence is a window by itself, and a length of windows or a stride is given',
      'Leave the one or the other out.'
    )
  if (corpus === null || corpus.stride === null || corpus.window !== null) return
  if (corpus.inputs.some(input => 'path' in input)) return
  throw new LamellaError(
    'invalid-argument',
    'A stride is from one window to the next, and nothing is cut into windows',
    'Say how long a window is, too.'
  )
}

function ownCorpus(analysis: Analysis, params: unknown, facts: ModelFacts): Corpus {
  const windows = analysis.windows?.(params, facts)
  if (windows === undefined)
    throw new LamellaError('invalid-argument', `${analysis.name}: a text is needed, or token ids`)
  return { inputs: windows.map(ids => ({ ids: [...ids] })), window: null, stride: null }
}

function namingOf(model: Model): Naming {
  const labels = model.spec?.unembedding?.labels ?? null
  return {
    tokens: ids => tokensOfIds(model, ids),
    labels: labels && (ids => Promise.resolve(labelTokens(labels, ids)))
  }
}

function identityOf(source: CorpusSource): string {
  if (source.kind === 'text') return sha256(['text', source.text])
  if (source.kind === 'ids') return sha256(['ids', source.ids.join()])
  return source.identity
}
