import { isDeepStrictEqual } from 'node:util'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { AnalysisRequest, Rerun, SessionKept } from '#common/contract/session.ts'
import { precisionOf } from '#common/analysis/result-precision.ts'
import { saidCut } from '#common/analysis/subject.ts'
import { another, datasetDifference, largestDifference } from '#common/data/difference.ts'
import { refuseOtherMachine } from '#common/model/absence.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import { refuseStrayFolder } from '#common/model/stray-folder.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import type { Analyses } from '../analysis/analyses.ts'
import { readFromDisk } from '../analysis/corpus-sources.ts'
import { keptType } from '../run/hook-values.ts'
import type { OpenModels } from '../model/open-models.ts'
import { keptResult, type KeptSession, keptValue } from './kept-session.ts'
import { keptSources } from './kept-texts.ts'
import { requestKey } from './request-key.ts'
import { refsOf } from './refs.ts'

/** What computes anew, whatever a session keeps. */
export type Computed = Pick<
  Handlers,
  'models.open' | 'models.close' | 'text.tokenize' | 'text.decode' | 'runs.start' | 'runs.value'
>

type RerunOf = Omit<Rerun, 'difference' | 'problem'>

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

/** What computes a session again. */
export interface RerunParts {
  readonly computed: Computed
  readonly models: Pick<OpenModels, 'openBy'>
  readonly reading: Analyses['reading']
}

/**
 * Computes all values and results of a session again, one after the other: of the texts that it keeps of corpora, wherever it
 * keeps them.
 */
export async function rerun(
  { computed, models, reading }: RerunParts,
  kept: KeptSession,
  context: HandlerContext
): Promise<Rerun[]> {
  const { runs, values, results } = kept
  const quiet = { ...context, progress: () => undefined }
  /** Models that it has opened, or why it could not, by reference. */
  const opened = new Map<string, Promise<string>>()
  const told: Rerun[] = []
  const analyse = reading(() => (path, within) => {
    if (kept.texts.has(path)) return keptSources(kept, path)
    refuseOtherMachine(path)
    return readFromDisk(path, within)
  })
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
    refuseOtherMachine(path)
    const info = await computed['models.open']({ path }, quiet)
    if (info.fingerprint === fingerprint) return info.id
    await computed['models.close']({ modelId: info.id }, quiet)
    throw new LamellaError(
      'file-invalid',
      `${path}: is another model now than the one of the session`
    )
  }

  /** What an input is read as, without running it. */
  async function tokensAgain({ model, input }: RunSource): Promise<Token[]> {
    const modelId = await open(model)
    if ('text' in input) return computed['text.tokenize']({ modelId, text: input.text }, quiet)
    const { tokens } = await computed['text.decode']({ modelId, ids: input.ids }, quiet)
    return tokens
  }

  /** @param compared how far it is from what was kept, and what is known better by then of what that is */
  async function compare(
    of: RerunOf,
    compared: () => Promise<Partial<RerunOf> & Pick<Rerun, 'difference'>>
  ): Promise<void> {
    try {
      told.push({ ...of, problem: null, ...(await compared()) })
    } catch (error) {
      context.signal.throwIfAborted()
      told.push({ ...of, difference: null, problem: toLamellaError(error).message })
    }
  }

  const step = (label: string) => context.progress({ label, done: done++, total })
  try {
    for (const { id, source, tokens } of runs) {
      const hooks = [...(values.get(id)?.hooks.keys() ?? [])]
      const text = inputText(source.input)
      const of = {
        ...{ models: [source.model], edits: source.edits, params: null, cut: null },
        precision: 'float32' as const
      }
      step(`Running ${text}`)
      // Started once it is needed: a session may keep runs without values.
      const run =
        hooks.length === 0
          ? null
          : open(source.model).then(() => computed['runs.start']({ source }, quiet))
      run?.catch(() => undefined)
      const again = run ? run.then(({ tokens }) => tokens) : tokensAgain(source)
      const now = await again.catch((error: unknown) => toLamellaError(error))
      // Where there are values, each says why it cannot be had.
      const fault = now instanceof LamellaError ? (run ? null : now) : differing(now, tokens)
      if (fault) await compare({ what: `tokens of ${text}`, ...of }, () => Promise.reject(fault))
      for (const hook of hooks) {
        const value = { what: `${hook} of ${text}`, ...of, precision: keptType(hook) }
        await compare(value, async () => {
          const before = await keptValue(kept, id, hook)
          if (before === null) throw damagedError()
          const now = await computed['runs.value'](
            { runId: (await run!).id, hook, exact: false },
            quiet
          )
          sameShape(before.value.shape, now.shape)
          const difference = largestDifference(before.value.data, now.data)
          return { precision: before.precision, difference }
        })
      }
    }
    for (const { request } of results.values()) {
      step(request.name)
      await compare(ofRequest(request), async () => {
        const before = await keptResult(kept, requestKey(request))
        if (before === null) throw damagedError()
        for (const ref of refsOf(request)) await open(ref)
        refuseStrayFolder(request.params, refsOf(request))
        const difference = datasetDifference(before, await analyse(request, quiet))
        return { precision: precisionOf(before), difference }
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

function differing(now: readonly Token[], before: readonly Token[]): LamellaError | null {
  return isDeepStrictEqual(now, before) ? null : another('are others now')
}

/** What a result is of, and how it was asked for. */
function ofRequest(request: AnalysisRequest): RerunOf {
  const { name, params, of } = request
  const { inputs = [] } = of.corpus ?? {}
  const [first] = inputs
  const isOne = inputs.length === 1 && first !== undefined && !('path' in first)
  const read = isOne ? inputText(first) : counted(inputs.length, 'text')
  return {
    what: inputs.length === 0 ? name : `${name} of ${read}`,
    ...{ models: refsOf(request), edits: of.edits, params, precision: 'float32' },
    cut: (of.corpus && saidCut(of.corpus)) ?? null
  }
}

function sameShape(before: readonly number[], now: readonly number[]): void {
  if (before.join() !== now.join())
    throw another(`is of the shape [${now.join(', ')}], expected [${before.join(', ')}]`)
}

function damagedError(): LamellaError {
  return another('what was kept is damaged')
}

const mostLetters = 40

function inputText(input: RunInput): string {
  const text = 'text' in input ? input.text : input.ids.join(',')
  return JSON.stringify(text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text)
}
