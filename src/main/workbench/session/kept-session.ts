import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import { AnalysisRequest } from '#common/contract/session.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { CorpusFiles } from '#common/model/library.ts'
import { isSameModel, type ModelMove, type ModelRef } from '#common/model/model-ref.ts'
import { movedTo } from '#common/model/moved-to.ts'
import type { SessionContent } from '#common/model/session.ts'
import { fileLabel } from '../../files/file-error.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { KeptValue, SessionFile } from '../../session/protocol.ts'
import { runKey } from '../run/run-key.ts'
import { KeptModel, mostFormer } from './kept-model.ts'
import { refsOf } from './refs.ts'
import { requestKey } from './request-key.ts'
import type { SessionThread } from './session-files.ts'

/** What a session's file keeps, under the names that it has now: a model that lies elsewhere is known by its new place. */
export interface KeptSession {
  readonly thread: SessionThread
  readonly content: SessionContent
  readonly models: readonly KeptModel[]
  readonly runs: readonly Run[]
  /** By the ids of runs. */
  readonly values: ReadonlyMap<string, KeptValues>
  /** By `requestKey`. */
  readonly results: ReadonlyMap<string, KeptResult>
  /** Corpora of files whose texts are kept, by path. */
  readonly texts: ReadonlyMap<string, CorpusFiles>
}

/** What an open session keeps, and which of its models are elsewhere than as it was saved. */
export interface KeptOpen extends KeptSession {
  readonly moves: readonly ModelMove[]
}

/** The values of a run. */
export interface KeptValues {
  /** The run's id in the file. */
  readonly run: string
  /** What each hook takes, in bytes. */
  readonly hooks: ReadonlyMap<string, number>
}

export interface KeptResult {
  /** Its key in the file. */
  readonly key: string
  readonly request: AnalysisRequest
  readonly bytes: number
  /** Fingerprints that models have now, by those that the file knows them by; none where they did not move. */
  readonly fingerprints: ReadonlyMap<string, string>
}

/**
 * What a thread has read of a file; what cannot be read is left out, and that is said. Rows are taken one by one, with others
 * answered in between: a session may keep a thousand runs of long texts.
 */
export async function keptSession(
  thread: SessionThread,
  file: SessionFile
): Promise<{ readonly kept: KeptSession; readonly notes: readonly string[] }> {
  const notes = [...file.notes]
  async function parsed<T>(texts: readonly string[], schema: z.ZodType<T>, what: string) {
    const read: T[] = []
    for (const text of texts) {
      const { value, fault } = rowOf(text, schema)
      if (value !== undefined) read.push(value)
      else notes.push(`${fileLabel(file.path)}: ${what} cannot be read, and is left out (${fault})`)
      await turn()
    }
    return read
  }
  const models = (await parsed(file.models, KeptModel, 'a model')).map(({ info, ...own }) => ({
    ...own,
    info: { ...info, name: visibleText(info.name) }
  }))
  const runs = await parsed(file.runs, Run, 'a run')
  const values = new Map<string, { run: string; hooks: Map<string, number> }>()
  for (const { run, hook, bytes } of await thread.ask('values', null)) {
    const own = values.get(run) ?? { run, hooks: new Map<string, number>() }
    own.hooks.set(hook, bytes)
    values.set(run, own)
  }
  const results = new Map<string, KeptResult>()
  for (const { key, request, bytes } of await thread.ask('results', null)) {
    const asked = AnalysisRequest.safeParse(request)
    if (asked.success) {
      const own = { key, request: asked.data, bytes, fingerprints: new Map<string, string>() }
      results.set(requestKey(asked.data), own)
    }
    await turn()
  }
  const texts = new Map<string, CorpusFiles>()
  for (const { path, files } of await thread.ask('corpora', null))
    if (files !== null) texts.set(path, files)
    else notes.push(`${fileLabel(file.path)}: the texts of ${path} are damaged, and are left out`)
  const { content } = file
  return { kept: { thread, content, models, runs, values, results, texts }, notes }
}

/** Whether any numbers of a model are kept: values of its runs, or results. */
export function keepsNumbers(
  { runs, values, results }: Pick<KeptSession, 'runs' | 'values' | 'results'>,
  ref: ModelRef
): boolean {
  return (
    runs.some(({ id, source }) => values.has(id) && isSameModel(source.model, ref)) ||
    [...results.values()].some(({ request }) => refsOf(request).some(of => isSameModel(of, ref)))
  )
}

/** @returns null where it keeps none, or what it keeps is damaged */
export async function keptValue(
  { thread, values }: KeptSession,
  run: string,
  hook: string,
  index?: number
): Promise<KeptValue | null> {
  const own = values.get(run)
  if (own === undefined || !own.hooks.has(hook)) return null
  return thread.ask('value', { run: own.run, hook, ...(index !== undefined && { index }) })
}

/** @returns null where it keeps none, or what it keeps is damaged */
export async function keptResult(
  { thread, results }: KeptSession,
  key: string
): Promise<Dataset | null> {
  const own = results.get(key)
  const found = own === undefined ? null : await thread.ask('result', { key: own.key })
  // What a dataset says of its models goes into every file that is made of it.
  if (found === null || own === undefined || own.fingerprints.size === 0) return found
  const attributes = renamed(found.attributes, own.fingerprints) as Dataset['attributes']
  return { ...found, attributes }
}

/**
 * A session whose model lies elsewhere: whatever speaks of it speaks of it there, and what is kept is found by that.
 * @param to the same model where it is now
 */
export function relocated(kept: KeptSession, from: ModelInfo, to: KeptModel): KeptSession {
  const moved = <T>(told: T): T => movedTo(told, from, to.info)
  const values = new Map(kept.values)
  const runs = kept.runs.map(run => {
    if (!isSameModel(run.source.model, from)) return run
    const own = moved(run)
    const id = runKey(
      own.source,
      own.tokens.map(token => token.id)
    )
    const found = values.get(run.id)
    values.delete(run.id)
    if (found !== undefined) values.set(id, found)
    return { ...own, id }
  })
  const results = [...kept.results.values()].map(result => {
    const request = moved(result.request)
    const fingerprints = new Map(
      [...result.fingerprints, [from.fingerprint, from.fingerprint] as const].map(
        ([own, now]) => [own, now === from.fingerprint ? to.info.fingerprint : now] as const
      )
    )
    return [requestKey(request), { ...result, request, fingerprints }] as const
  })
  return {
    thread: kept.thread,
    content: moved(kept.content),
    models: kept.models.map(model =>
      isSameModel(model.info, from) ? movedModel(model, to) : model
    ),
    runs,
    values,
    results: new Map(results),
    texts: kept.texts
  }
}

function movedModel({ info, formerly }: KeptModel, to: KeptModel): KeptModel {
  const others = [...formerly, info.fingerprint].filter(own => own !== to.info.fingerprint)
  return { ...to, formerly: [...new Set(others)].slice(-mostFormer) }
}

/** JSON in which texts and names that are one of some are another. */
function renamed(json: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof json === 'string') return names.get(json) ?? json
  if (Array.isArray(json)) return json.map(item => renamed(item, names))
  if (typeof json !== 'object' || json === null) return json
  const entries = Object.entries(json)
  return Object.fromEntries(
    entries.map(([name, value]) => [names.get(name) ?? name, renamed(value, names)])
  )
}

/** What a row holds, or what is wrong with it first. */
function rowOf<T>(text: string, schema: z.ZodType<T>): { value?: T; fault?: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { fault: 'not JSON' }
  }
  const parsed = schema.safeParse(json, { reportInput: true })
  return parsed.success ? { value: parsed.data } : { fault: firstFault(parsed.error) }
}
