import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Absence } from '#common/model/absence.ts'
import { type LamellaError, toLamellaError } from '#common/model/errors.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import { isOfAnotherMachine } from '#common/model/other-machine.ts'
import type { OfValues } from '../analysis/of-values.ts'
import type { FileHashes } from '../model/file-hashes.ts'
import type { OpenModels } from '../model/open-models.ts'
import type { Absences } from './absences.ts'
import { absentError, keptRunId, standIn, standInId } from './absent.ts'
import { comparedTokenizer, type KeptModel } from './kept-model.ts'
import { keptAnalysis, valueIn } from './kept-analysis.ts'
import type { KeptOpen } from './kept-session.ts'
import { isOf, refsOf } from './refs.ts'

type Asked =
  | 'models.open'
  | 'models.close'
  | 'models.hash'
  | 'models.slice'
  | 'text.tokenize'
  | 'text.explain'
  | 'text.decode'
  | 'text.chat'
  | 'text.vocabulary'
  | 'runs.start'
  | 'runs.estimate'
  | 'runs.complete'
  | 'runs.value'
  | 'runs.gradient'
  | 'runs.generate'
  | 'analysis.run'
  | 'describe.infer'
  | 'describe.check'
  | 'describe.save'

/** Those that a stand-in answers in a way of its own. */
type Own = 'models.open' | 'models.close' | 'text.tokenize'

type Asking = Pick<HandlerContext, 'client'>

/** What stand-ins are told apart and answer with, beside what sessions keep. */
export interface StandInParts {
  readonly models: OpenModels
  readonly hashes: FileHashes
  readonly absences: Absences
  readonly ofValues: OfValues
}

/**
 * A model that is not there any more, or is another one now, is stood in for by what the open sessions of a client keep of it:
 * its runs, their values and results, and nothing else. So is one that is there, where the client asks to see what was
 * kept. Of all others everything is computed: what a file says is believed of no model that can be asked itself, and numbers of
 * one are never mixed with those of another, for all go by the fingerprint, and one that is read by another tokenizer now
 * is not open beside what stands in for it.
 * @param sessions those that a client has open
 */
export function standingIn(
  handlers: Pick<Handlers, Asked>,
  { models, hashes, absences, ofValues }: StandInParts,
  sessions: (client: string) => readonly KeptOpen[]
): Pick<Handlers, Asked> {
  const keptModels = ({ client }: Asking) => sessions(client).flatMap(({ models }) => models)

  /** The model that stands in for a client under an id; null where none does. */
  function absent(modelId: string, asking: Asking): ModelInfo | null {
    const absence = absences.of(asking.client, modelId)
    if (absence === null) return null
    const kept = keptModels(asking).find(({ info }) => standInId(info) === modelId)
    return kept === undefined ? null : standIn(kept, absence)
  }

  /** The one that stands in for a model that a client does not have open. */
  function absentAt(ref: ModelRef, asking: Asking): ModelInfo | null {
    // Who had it before it went, such as a window that was loaded anew since, may have it yet.
    if (models.openBy(asking.client).some(({ info }) => isSameModel(info, ref))) return null
    return absent(standInId(ref), asking)
  }

  /** A run of a model that stands in, by the id that it has while it does. */
  function keptRun(
    runId: string,
    asking: Asking
  ): { readonly run: Run; readonly info: ModelInfo } | null {
    // Each value asks for it: nothing is reckoned for runs of models that are there.
    const away = keptModels(asking).flatMap(({ info }) => absentAt(info, asking) ?? [])
    for (const { runs } of away.length === 0 ? [] : sessions(asking.client))
      for (const run of runs) {
        const info = away.find(own => isSameModel(own, run.source.model))
        if (info && keptRunId(run, info) === runId) return { run, info }
      }
    return null
  }

  function asKept(run: Run, info: ModelInfo): Run {
    const id = keptRunId(run, info)
    return { ...run, id, modelId: info.id, milliseconds: 0, complete: true }
  }

  function stood(kept: KeptModel, absence: Absence, asking: Asking): ModelInfo {
    const info = standIn(kept, absence)
    absences.set(asking.client, info.id, absence)
    return info
  }

  /** Has what was kept of a model stand in for it also where it is there. */
  function inPlaceOf(
    own: KeptModel,
    absence: 'aside' | 'retokenized' | 'doubtful',
    context: HandlerContext
  ): ModelInfo {
    const stand = stood(own, absence, context)
    // It is not waited for: an engine may be long about it, and nobody is given numbers of both meanwhile.
    for (const { info } of models.openBy(context.client))
      if (isSameModel(info, own.info)) void closed(info, context)
    return stand
  }

  async function closed({ id }: ModelInfo, context: HandlerContext): Promise<void> {
    await handlers['models.close']({ modelId: id }, context).catch(() => undefined)
  }

  /**
   * Why a model that was opened is not the one that a session keeps, whose tokenizer may be another; null where it is. Where its
   * files cannot be read it is closed, unless the client had it before.
   */
  async function readOtherwise(
    own: KeptModel,
    info: ModelInfo,
    wasOpen: boolean,
    context: HandlerContext
  ): Promise<'retokenized' | 'doubtful' | null> {
    const there = models.openBy(context.client).find(({ info: { id } }) => id === info.id)
    try {
      const compared = there && (await comparedTokenizer(own, there, hashes, context))
      if (compared === 'another') return 'retokenized'
      return compared === 'unknown' ? 'doubtful' : null
    } catch (error) {
      if (!wasOpen) await closed(info, context)
      throw error
    }
  }

  /** A method that needs the model itself. */
  function real<
    M extends
      Exclude<Extract<Asked, `${'models' | 'text' | 'describe'}.${string}`>, Own> | 'runs.estimate'
  >(method: M, what: string): Handlers[M] {
    const handler = handlers[method] as (
      params: { readonly modelId: string },
      context: HandlerContext
    ) => unknown
    return ((params: { readonly modelId: string }, context: HandlerContext) => {
      const info = absent(params.modelId, context)
      return info === null ? handler(params, context) : Promise.reject(absentError(info, what))
    }) as Handlers[M]
  }

  return {
    'models.hash': real('models.hash', 'the hash of its files'),
    'models.slice': real('models.slice', 'what its tensors hold'),
    'runs.estimate': real('runs.estimate', 'what a run takes'),
    'describe.infer': real('describe.infer', 'what its tensors hold'),
    'describe.check': real('describe.check', 'what its tensors hold'),
    'describe.save': real('describe.save', 'what its tensors hold'),
    'text.explain': real('text.explain', 'how it splits this text'),
    'text.decode': real('text.decode', 'what ids stand for'),
    'text.chat': real('text.chat', 'its chat template'),
    'text.vocabulary': real('text.vocabulary', 'its vocabulary'),

    async 'models.open'(params, context) {
      const { path, of, as } = params
      const kept = keptModels(context).filter(({ info }) => info.path === path)
      const isMeant = ({ fingerprint }: ModelInfo) => fingerprint === of
      const meant = kept.find(({ info }) => isMeant(info)) ?? kept[0]
      if (meant === undefined || (as === 'present' && of === undefined))
        return handlers['models.open'](params, context)
      if (as === 'aside' && isMeant(meant.info)) return inPlaceOf(meant, 'aside', context)
      const isPointedTo = sessions(context.client).some(({ moves }) =>
        moves.some(({ to }) => to.path === path)
      )
      if (isOfAnotherMachine(path) && !isPointedTo) return stood(meant, 'missing', context)
      const had = new Set(models.openBy(context.client).map(({ info }) => info.id))
      let failure: LamellaError
      try {
        const info = await handlers['models.open'](params, context)
        if (as === 'present' && isMeant(info)) return info
        // Another one that is kept, too, such as of files that were put back, is not the one that is meant.
        if (isSameModel(meant.info, info)) {
          const why = await readOtherwise(meant, info, had.has(info.id), context)
          return why === null ? info : inPlaceOf(meant, why, context)
        }
        if (!had.has(info.id)) await handlers['models.close']({ modelId: info.id }, context)
        return stood(meant, 'changed', context)
      } catch (error) {
        failure = toLamellaError(error)
      }
      if (failure.code === 'cancelled') throw failure
      return stood(meant, failure.code === 'not-found' ? 'missing' : 'unreadable', context)
    },

    async 'models.close'(params, context) {
      // It stands in no more: what is asked of it by name is not open.
      return absences.delete(context.client, params.modelId)
        ? null
        : handlers['models.close'](params, context)
    },

    async 'text.tokenize'(params, context) {
      const info = absent(params.modelId, context)
      if (info === null) return handlers['text.tokenize'](params, context)
      for (const { runs } of sessions(context.client))
        for (const { source, tokens } of runs)
          if (
            isSameModel(source.model, info) &&
            'text' in source.input &&
            source.input.text === params.text
          )
            return tokens
      throw absentError(info, 'how it splits this text')
    },

    async 'runs.start'(params, context) {
      const info = absentAt(params.source.model, context)
      if (info === null) return handlers['runs.start'](params, context)
      for (const { runs } of sessions(context.client)) {
        const run = runs.find(run => isOf(run, params.source))
        if (run !== undefined) return asKept(run, info)
      }
      throw absentError(info, 'a run of this text')
    },

    async 'runs.complete'(params, context) {
      const kept = keptRun(params.runId, context)
      return kept === null
        ? handlers['runs.complete'](params, context)
        : asKept(kept.run, kept.info)
    },

    async 'runs.value'(params, context) {
      const { runId, hook, index, exact } = params
      const kept = keptRun(runId, context)
      if (kept === null) return handlers['runs.value'](params, context)
      const found = await valueIn(sessions(context.client), kept.run, hook, index)
      if (found === null) throw absentError(kept.info, hook)
      const { value, precision } = found
      if (exact && precision !== 'float32')
        throw absentError(kept.info, `${hook} in full precision`)
      return { shape: [...value.shape], data: value.data }
    },

    async 'runs.gradient'(params, context) {
      const kept = keptRun(params.runId, context)
      if (kept === null) return handlers['runs.gradient'](params, context)
      throw absentError(kept.info, 'its gradient')
    },

    async 'runs.generate'(params, context) {
      const info = absentAt(params.source.model, context)
      if (info === null) return handlers['runs.generate'](params, context)
      throw absentError(info, 'how it goes on')
    },

    async 'analysis.run'(params, context) {
      const info = refsOf(params)
        .map(ref => absentAt(ref, context))
        .find(found => found !== null)
      if (info === undefined) return handlers['analysis.run'](params, context)
      const own = sessions(context.client)
      const found = await keptAnalysis(ofValues, own, params, context)
      if (found !== null) return found
      throw absentError(info, 'this result')
    }
  }
}
