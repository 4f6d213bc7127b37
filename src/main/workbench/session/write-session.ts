import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { AnalysisRequest, KeptWish, OpenSession } from '#common/contract/session.ts'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import { type ModelInfo } from '#common/contract/schemas.ts'
import { absenceText } from '#common/model/absence.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import { namesFolder } from '#common/model/stray-folder.ts'
import type { RunSource } from '#common/model/run-source.ts'
import { idToken } from '#common/model/token.ts'
import type { Keep, SessionContent } from '#common/model/session.ts'
import type { KeptValue } from '../../session/protocol.ts'
import type { KeptTexts } from '../../session/text-rows.ts'
import { copied } from '../../threads/copied.ts'
import { movable } from '../../threads/movable.ts'
import type { TraceCache } from '../../trace/cache.ts'
import { asStep } from '../as-step.ts'
import type { OfValues } from '../analysis/of-values.ts'
import type { FileHashes } from '../model/file-hashes.ts'
import type { Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'
import type { Forward } from '../run/forward.ts'
import { isMatrix, keptType } from '../run/hook-values.ts'
import type { RunRecord } from '../run/run-record.ts'
import type { Runnable } from '../run/runnable.ts'
import type { Runs } from '../run/runs.ts'
import type { Absences } from './absences.ts'
import { standInId } from './absent.ts'
import { comparedTokenizer, keptModel, keptWhole, type KeptModel } from './kept-model.ts'
import { keptAnalysis } from './kept-analysis.ts'
import { keepsNumbers, type KeptSession, keptValue } from './kept-session.ts'
import type { LookedAt } from './looked-at.ts'
import { isOf, openAt, refsOf } from './refs.ts'
import { withReplaced } from './replaced.ts'
import { requestKey } from './request-key.ts'
import type { SessionThread } from './session-files.ts'
import { noTexts, planTexts, withoutText, type PlannedTexts } from './texts-plan.ts'

/** What a session is made of beside what the window sends. */
export interface SessionParts {
  readonly models: OpenModels
  readonly hashes: FileHashes
  readonly runs: Pick<Runs, 'made'>
  readonly forward: Forward<Runnable>
  readonly cache: Pick<TraceCache, 'hooks'>
  readonly lookedAt: LookedAt
  readonly absences: Absences
  readonly analyse: Handlers['analysis.run']
  readonly ofValues: OfValues
}

/** A session as it was kept before, and what was chosen to be kept of it. */
export interface KeptBefore extends KeptSession {
  readonly saved: Pick<OpenSession['saved'], 'keep' | 'at'>
}

/** What is being done, for as long as it is. */
const saving = 'Saving the session'

/** How much of a run's step the run is; its values are the rest, of which nothing is known before. */
const runShare = 0.5

/** What is to be written. */
export interface SessionWish {
  readonly content: SessionContent
  readonly wish: KeptWish
  readonly keep: Keep
}

/**
 * Writes the models, runs, values, results and texts of a session into a file that was begun.
 * @returns what of the numbers of models and of texts could not be had and is not in it, or is as the file before had it though the model is
 *   there, a sentence each
 * @throws what cannot be written
 */
export async function writeKept(
  parts: SessionParts,
  { content, wish: asked, keep }: SessionWish,
  before: KeptBefore | null,
  to: SessionThread,
  context: HandlerContext
): Promise<string[]> {
  const { models, hashes, runs, forward, cache, lookedAt, absences, analyse, ofValues } = parts
  const wish = withReplaced(parts, asked, before, context)
  /** Why numbers could not be had. */
  const lost: Lost = { model: [], run: [], value: [], result: [] }
  /** Which models are read by another tokenizer than in the file before. */
  const reread: string[] = []
  /** Keys of those, and of those of which that cannot be told: by a text the file has numbers of other tokens. */
  const otherwise = new Set<string>()
  const sources = keep === 'recompute' ? [] : sourcesOf(content, wish)
  const requests = keep === 'recompute' ? [] : wish.results
  const texts = keep === 'everything' ? await planTexts(content, wish, before, context) : noTexts
  const without = [...texts.without]
  const total = sources.length + requests.length + texts.kept.length
  let done = 0
  const step = () => {
    context.signal.throwIfAborted()
    context.progress({ label: saving, done: done++, total })
  }
  /** For what is computed of the step that has begun, from one share of it to another. */
  const inside = (from = 0, to = 1) =>
    asStep(context, {
      ...{ before: `${saving} · `, done: done - 1 + from },
      ...{ size: to - from, total }
    })

  const written = modelsOf(parts, content, wish, before, context)
  /** A model that was open as it began: what is closed meanwhile is told. */
  const modelAt = (ref: ModelRef) => written.get(modelKey(ref))?.model ?? null

  for (const [key, { kept, model }] of written) {
    const why: string[] = []
    const whole = model && (await madeOrNull([model], why, () => keptWhole(model, hashes, context)))
    const known = before?.models.find(({ info }) => isSameModel(info, kept.info))
    // Of files that cannot be read now the file before may know what they hold.
    const held = model && (whole ?? keptModel(model, known))
    const own = held === null ? kept : { ...held, formerly: kept.formerly }
    if (model && known && keep !== 'recompute') await noteTokenizer(key, known, model)
    if (own.files.some(({ held }) => held === null)) lost.model.push(...why)
    await to.ask('putJson', { table: 'models', key, json: JSON.stringify(own) })
  }
  await to.ask('putJson', {
    table: 'provenance',
    key: 'machine',
    json: JSON.stringify({
      platform: process.platform,
      architecture: process.arch,
      node: process.versions.node
    })
  })

  for (const source of sources) {
    step()
    await writeRun(source)
  }
  for (const request of requests) {
    step()
    await writeResult(request)
  }
  for (const corpus of texts.kept) {
    step()
    await writeTexts(corpus)
  }
  return [...(keep === 'recompute' ? [] : asideTexts()), ...reread, ...lostTexts(lost), ...without]

  async function writeTexts(corpus: PlannedTexts): Promise<void> {
    let texts: KeptTexts
    try {
      texts = await corpus.read()
    } catch (error) {
      context.signal.throwIfAborted()
      without.push(withoutText(corpus, error))
      return
    }
    await to.ask('putTexts', texts, movable(texts.bytes))
  }

  async function writeRun(source: RunSource): Promise<void> {
    const model = modelAt(source.model)
    const why: string[] = []
    const record =
      model &&
      (await madeOrNull([model], why, () =>
        models.whileOpen(model, inside(0, runShare), within => runs.made(source, within))
      ))
    if (record !== null) await writeValues(record)
    else if (!(await takeOverRun(source)))
      lost.run.push(...why, ...(isNew(source) ? notOpen(source.model) : []))
  }

  /** Whether it ran since the file was written: past runs of before may be of models that are long closed. */
  function isNew(source: RunSource): boolean {
    const since = before?.saved.at ?? 0
    return content.runs.some(past => past.at > since && isDeepStrictEqual(past.source, source))
  }

  /** Says that numbers of another tokenizer are not in the file any more: one file has a model once. */
  async function noteTokenizer(key: string, known: KeptModel, model: Model): Promise<void> {
    if (before === null || !keepsNumbers(before, known.info)) return
    const compared = await madeOrNull([model], [], () =>
      comparedTokenizer(known, model, hashes, context)
    )
    if (compared !== 'same') otherwise.add(key)
    if (compared === 'another')
      reread.push(
        `${known.info.name} has another tokenizer now: what the file kept of texts by the one before is computed anew where that can be, and is not kept`
      )
  }

  /** Whether what the file has of texts is of the tokens that models read them as now. */
  function isReadAlike(refs: readonly ModelRef[]): boolean {
    return refs.every(ref => !otherwise.has(modelKey(ref)))
  }

  /** Says of a model that the session has, such as one that is set aside, that it is not open. */
  function notOpen(ref: ModelRef): string[] {
    const known = before?.models.find(({ info }) => isSameModel(info, ref))
    if (known === undefined || modelAt(ref) !== null) return []
    return [`${known.info.name} ${isAside(ref) ? absenceText(ref.path, 'aside') : 'is not open'}`]
  }

  function isAside(ref: ModelRef): boolean {
    return absences.of(context.client, standInId(ref)) === 'aside'
  }

  /** Says of which models that are there the file has the numbers that it had before. */
  function asideTexts(): string[] {
    const aside = [...written.values()].filter(
      ({ kept, model }) =>
        !model && isAside(kept.info) && before !== null && keepsNumbers(before, kept.info)
    )
    return aside.map(
      ({ kept: { info } }) =>
        `${info.name} ${absenceText(info.path, 'aside')}: its numbers are those that the file had, and none that were computed since`
    )
  }

  async function writeValues(record: RunRecord<Runnable>): Promise<void> {
    const { run, model } = record
    const complete = await forward.isComplete(record)
    const json = JSON.stringify({ ...run, milliseconds: 0, complete } satisfies Run)
    await to.ask('putJson', { table: 'runs', key: run.id, json })
    const seen = [...lookedAt.hooks(run.id).keys()]
    const hooks =
      keep === 'seen' ? seen : [...seen, ...(await everyHook(cache, run.id, model.info))]
    const put = new Set<string>()
    const missing = new Map<string, string[]>()
    const all = new Set(hooks)
    const shareOf = (values: number) => runShare + ((1 - runShare) * values) / all.size
    for (const [i, hook] of [...all].entries()) {
      context.signal.throwIfAborted()
      const why: string[] = []
      const value = await madeOrNull([model], why, () =>
        models.whileOpen(model, inside(shareOf(i), shareOf(i + 1)), within =>
          forward.value(record, hook, {}, within)
        )
      )
      if (value === null) {
        missing.set(hook, why)
        continue
      }
      put.add(hook)
      // What the trace cache gives may be the cache's own.
      const data = await copied(value.data)
      await putValue(run.id, hook, {
        value: { shape: value.shape, data },
        precision: keptType(hook)
      })
    }
    const isTakenOver = (hook: string) =>
      missing.has(hook) || (before !== null && isKeptOn(keep, before) && !put.has(hook))
    for (const hook of await takeOverValues(run.id, isTakenOver)) missing.delete(hook)
    lost.value.push(...[...missing.values()].flat())
  }

  /** Whether the session keeps a run whose model is not open, or which cannot be had: all that it has of it. */
  async function takeOverRun(source: RunSource): Promise<boolean> {
    const isAlike = isReadAlike([source.model])
    // No tokenizer read ids: their numbers stay, and how the one before spelled them does not.
    const isOfSame = isAlike || 'ids' in source.input
    const kept = isOfSame ? (before?.runs.filter(run => isOf(run, source)) ?? []) : []
    for (const run of kept) {
      const own = isAlike ? run : { ...run, tokens: run.tokens.map(({ id }) => idToken(id)) }
      await to.ask('putJson', { table: 'runs', key: run.id, json: JSON.stringify(own) })
      await takeOverValues(run.id, () => true)
    }
    return kept.length > 0
  }

  /** @returns the hooks whose values the session keeps */
  async function takeOverValues(run: string, which: (hook: string) => boolean): Promise<string[]> {
    if (before === null) return []
    const taken: string[] = []
    for (const hook of before.values.get(run)?.hooks.keys() ?? []) {
      const kept = which(hook) ? await keptValue(before, run, hook) : null
      if (kept === null) continue
      await putValue(run, hook, kept)
      taken.push(hook)
    }
    return taken
  }

  async function putValue(run: string, hook: string, kept: KeptValue): Promise<void> {
    const put = { run, hook, ...kept, bySlice: isMatrix(hook) }
    await to.ask('putValue', put, movable(kept.value.data))
  }

  async function writeResult(request: AnalysisRequest): Promise<void> {
    const key = requestKey(request)
    const of = refsOf(request).flatMap(ref => modelAt(ref) ?? [])
    const why: string[] = []
    const areOpen = of.length === refsOf(request).length
    // A session that was opened says what was looked at, too: it has no file read that nobody here asked for.
    const isAsked = lookedAt.resultBytes(key) !== null || !readsFiles(request)
    if (areOpen && !isAsked) why.push('it reads files, and was not looked at since Lamella started')
    const made =
      areOpen && isAsked ? await madeOrNull(of, why, () => analyse(request, inside())) : null
    // What was seen of a model that is stood in for may be made of its values.
    const kept = before !== null && isReadAlike(refsOf(request)) ? [before] : []
    const result = made ?? (await keptAnalysis(ofValues, kept, request, inside()))
    if (result !== null) await to.ask('putResult', { key, request: asJson(request), result })
    else lost.result.push(...why, ...refsOf(request).flatMap(notOpen))
  }

  /**
   * What it comes to, or null where it cannot be had: a session is saved without it. Cancelling ends all, and so does the end
   * of the workbench, but not that of a model that is closed meanwhile.
   * @param of the models that it is of
   * @param why is told why it cannot be had
   */
  async function madeOrNull<T>(
    of: readonly Model[],
    why: string[],
    make: () => Promise<T>
  ): Promise<T | null> {
    try {
      return await make()
    } catch (error) {
      context.signal.throwIfAborted()
      const { code, message } = toLamellaError(error)
      const areOpen = of.every(model => models.isOpen(model))
      if (code === 'cancelled' && areOpen) throw error
      why.push(areOpen ? message : 'its model was closed meanwhile')
      return null
    }
  }
}

/**
 * Whether values that a session has of a model that is open are kept on. What was seen is not told from the rest where it kept
 * everything.
 */
export function isKeptOn(keep: Keep, { saved }: KeptBefore): boolean {
  return keep === 'everything' || saved.keep === 'seen'
}

/** The runs of a session, each once. */
export function sourcesOf(content: SessionContent, wish: KeptWish): RunSource[] {
  const all = [...wish.runs, ...content.runs.map(({ source }) => source)]
  return [...new Map(all.map(source => [JSON.stringify(source), source])).values()]
}

/** Whether it names files or folders beside those of its models. */
function readsFiles({ params, of, with: other }: AnalysisRequest): boolean {
  const inputs = [of, other].flatMap(subject => subject?.corpus?.inputs ?? [])
  return namesFolder(params) || inputs.some(input => 'path' in input)
}

interface WrittenModel {
  readonly kept: KeptModel
  /** Null where it is not open. */
  readonly model: Model | null
}

/** The models that a session speaks of, by key: those that are open as they are, others as they were kept. */
export function modelsOf(
  { models, absences }: Pick<SessionParts, 'models' | 'absences'>,
  content: SessionContent,
  wish: KeptWish,
  before: KeptSession | null,
  { client }: Pick<HandlerContext, 'client'>
): Map<string, WrittenModel> {
  const refs = [
    // Of several of one path the first is the one that the window is about.
    ...models.openBy(client).map(({ info: { path, fingerprint } }) => ({ path, fingerprint })),
    ...(before?.models ?? [])
      .map(({ info: { path, fingerprint } }) => ({ path, fingerprint }))
      .filter(ref => absences.of(client, standInId(ref)) !== null),
    ...sourcesOf(content, wish).map(({ model }) => model),
    ...wish.results.flatMap(refsOf)
  ]
  const found = new Map<string, WrittenModel>()
  for (const ref of refs) {
    const known = before?.models.find(({ info }) => isSameModel(info, ref))
    // What stands in for the client is not computed because another one has the model itself.
    const isStoodFor =
      absences.of(client, standInId(ref)) !== null &&
      !models.openBy(client).some(({ info }) => isSameModel(info, ref))
    const model = isStoodFor ? null : openAt(models, ref)
    const kept = model ? { ...keptModel(model), formerly: known?.formerly ?? [] } : known
    if (kept !== undefined) found.set(modelKey(ref), { kept, model })
  }
  return found
}

function modelKey({ path, fingerprint }: ModelRef): string {
  return JSON.stringify([path, fingerprint])
}

/** Hooks whose values the cache has of a run, and the patterns of all layers. */
export async function everyHook(
  cache: Pick<TraceCache, 'hooks'>,
  run: string,
  { hooks }: ModelInfo
): Promise<string[]> {
  const kept = (await cache.hooks(run)).map(({ hook }) => hook)
  const known = new Set(hooks)
  const patterns = hooks.filter(hook => hook.endsWith('.attn.hook_pattern'))
  return [...new Set([...kept.filter(hook => known.has(hook)), ...patterns])]
}

type Lost = Record<'model' | 'run' | 'value' | 'result', string[]>

/** What could not be had, each kind with why of the first. */
function lostTexts(lost: Lost): string[] {
  return (['model', 'run', 'value', 'result'] as const).flatMap(what => {
    const { length, [0]: first } = lost[what]
    if (first === undefined) return []
    if (what === 'model') {
      const whose = length === 1 ? 'its' : 'their'
      const unread = `for ${whose} files could not be read whole`
      return [`Copies of ${counted(length, 'model')} will not be known again, ${unread}: ${first}`]
    }
    const of = what === 'value' ? ' of runs' : ''
    const are = length === 1 ? 'is' : 'are'
    return [`${counted(length, what)}${of} could not be had and ${are} not in it: ${first}`]
  })
}

/** As plain JSON, without what is undefined. */
function asJson(request: AnalysisRequest) {
  return z.json().parse(JSON.parse(JSON.stringify(request)))
}
