import { isDeepStrictEqual } from 'node:util'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { Rerun, SessionKept } from '#common/contract/session.ts'
import type { Dataset, NumberArray } from '#common/data/dataset.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { OpenModels } from '../model/open-models.ts'
import { keptResult, type KeptSession, keptValue } from './kept-session.ts'
import { requestKey } from './request-key.ts'
import { refsOf } from './refs.ts'

/** What computes anew, whatever a session keeps. */
export type Computed = Pick<
  Handlers,
  'models.open' | 'models.close' | 'runs.start' | 'runs.value' | 'analysis.run'
>

/** Which numbers a session keeps. */
export function numbersOf({ runs, values, results }: KeptSession): SessionKept {
  return {
    runs: runs.map(({ id, source, tokens }) => ({
      source,
      tokens: tokens.length,
      values: [...(values.get(id)?.hooks ?? [])].map(([hook, bytes]) => ({ hook, bytes }))
    })),
    results: [...results.values()].map(({ request, bytes }) => ({ request, bytes }))
  }
}

/** Computes all values and results of a session again, one after the other. */
export async function rerun(
  {
    computed,
    models
  }: { readonly computed: Computed; readonly models: Pick<OpenModels, 'openBy'> },
  kept: KeptSession,
  context: HandlerContext
): Promise<Rerun[]> {
  const { runs, values, results } = kept
  const quiet = { ...context, progress: () => undefined }
  /** Models that it has opened, or why it could not, by reference. */
  const opened = new Map<string, Promise<string>>()
  const told: Rerun[] = []
  const total = runs.length + results.size
  let done = 0

  /** @throws LamellaError where the very model cannot be had */
  function open(ref: ModelRef): Promise<string> {
    const own = models.openBy(context.client).find(({ info }) => isSameModel(info, ref))
    const key = JSON.stringify(ref)
    if (own !== undefined && !opened.has(key)) return Promise.resolve(own.info.id)
    const opening = opened.get(key) ?? openNow(ref)
    opened.set(key, opening)
    return opening
  }

  async function openNow({ path, fingerprint }: ModelRef): Promise<string> {
    const info = await computed['models.open']({ path }, quiet)
    if (info.fingerprint === fingerprint) return info.id
    await computed['models.close']({ modelId: info.id }, quiet)
    throw new LamellaError(
      'file-invalid',
      `${path}: is another model now than the one of the session`
    )
  }

  async function compare(what: string, difference: () => Promise<number>): Promise<void> {
    try {
      told.push({ what, difference: await difference(), problem: null })
    } catch (error) {
      context.signal.throwIfAborted()
      told.push({ what, difference: null, problem: toLamellaError(error).message })
    }
  }

  const step = (label: string) => context.progress({ label, done: done++, total })
  try {
    for (const { id, source, tokens } of runs) {
      const hooks = [...(values.get(id)?.hooks.keys() ?? [])]
      step(`Running ${inputText(source.input)}`)
      // Started once it is needed: a session may keep runs without values.
      const run =
        hooks.length === 0
          ? null
          : open(source.model).then(() => computed['runs.start']({ source }, quiet))
      run?.catch(() => undefined)
      const now = await run?.catch(() => null)
      if (now && !isDeepStrictEqual(now.tokens, tokens))
        await compare(`tokens of ${inputText(source.input)}`, () =>
          Promise.reject(another('are others now'))
        )
      for (const hook of hooks)
        await compare(`${hook} of ${inputText(source.input)}`, async () => {
          const before = await keptValue(kept, id, hook)
          if (before === null) throw damagedError()
          const now = await computed['runs.value'](
            { runId: (await run!).id, hook, exact: false },
            quiet
          )
          sameShape(before.value.shape, now.shape)
          return largestDifference(before.value.data, now.data)
        })
    }
    for (const { request } of results.values()) {
      step(request.name)
      await compare(request.name, async () => {
        const before = await keptResult(kept, requestKey(request))
        if (before === null) throw damagedError()
        for (const ref of refsOf(request)) await open(ref)
        return datasetDifference(before, await computed['analysis.run'](request, quiet))
      })
    }
    return told
  } finally {
    for (const opening of opened.values())
      await opening
        .then(modelId => computed['models.close']({ modelId }, quiet))
        .catch(() => undefined)
  }
}

/** @throws LamellaError where they are of other variables or shapes */
function datasetDifference(before: Dataset, now: Dataset): number {
  const names = Object.keys(before.variables)
  if (names.join() !== Object.keys(now.variables).join())
    throw another(`has ${Object.keys(now.variables).join(', ')}, expected ${names.join(', ')}`)
  for (const [name, { length }] of Object.entries(before.axes))
    if (now.axes[name]?.length !== length) throw another(`its axis ${name} is of another length`)
  for (const [name, { labels = null }] of Object.entries(before.axes))
    if (!isDeepStrictEqual(now.axes[name]!.labels ?? null, labels))
      throw another(`its axis ${name} has other names`)
  const differences = names.map(name =>
    largestDifference(before.variables[name]!.data, now.variables[name]!.data)
  )
  return Math.max(0, ...differences)
}

function sameShape(before: readonly number[], now: readonly number[]): void {
  if (before.join() !== now.join())
    throw another(`is of the shape [${now.join(', ')}], expected [${before.join(', ')}]`)
}

/** NaN is no other than NaN. @throws LamellaError where a number is none any more, or was none, or infinite */
function largestDifference(before: NumberArray, now: NumberArray): number {
  if (before.length !== now.length)
    throw another(`${now.length} numbers, expected ${before.length}`)
  let largest = 0
  for (let i = 0; i < before.length; i++) {
    const a = before[i]!
    const b = now[i]!
    if (Object.is(a, b) || a === b) continue
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(a))
    if (!Number.isFinite(difference)) throw another(`${b} where ${a} was`)
    largest = Math.max(largest, difference)
  }
  return largest
}

function another(how: string): LamellaError {
  return new LamellaError('file-invalid', how)
}

function damagedError(): LamellaError {
  return another('what was kept is damaged')
}

const mostLetters = 40

function inputText(input: RunInput): string {
  const text = 'text' in input ? input.text : input.ids.join(',')
  return JSON.stringify(text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text)
}
