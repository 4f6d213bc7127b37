import { isDeepStrictEqual } from 'node:util'
import type { AnalysisRequest, SessionKept } from '#common/contract/session.ts'
import { precisionOf } from '#common/analysis/result-precision.ts'
import { saidCut } from '#common/analysis/subject.ts'
import { another, datasetDifference, largestDifference } from '#common/data/difference.ts'
import { refuseStrayFolder } from '#common/model/stray-folder.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { counted } from '#common/text/number-text.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { keptType } from '../../run/hook-values.ts'
import { keptResult, type KeptSession, keptValue } from '../kept-session.ts'
import { requestKey } from '../request-key.ts'
import { refsOf } from '../refs.ts'
import type { Remaking, RerunOf } from './remaking.ts'

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
export async function rerunNumbers({
  kept,
  call,
  open,
  step,
  comparisons
}: Remaking): Promise<void> {
  const { runs, values, results } = kept
  for (const { id, source, tokens } of runs) {
    const hooks = [...(values.get(id)?.hooks.keys() ?? [])]
    const text = runText(source.input, tokens)
    const of = {
      ...{ models: [source.model], edits: source.edits, params: null, cut: null },
      precision: 'float32' as const
    }
    step(`Running ${text}`)
    // Started once it is needed: a session may keep runs without values.
    const run =
      hooks.length === 0 ? null : open(source.model).then(() => call('runs.start', { source }))
    run?.catch(() => undefined)
    const again = run ? run.then(({ tokens }) => tokens) : tokensAgain(source)
    const now = await again.catch((error: unknown) => toLamellaError(error))
    // Where there are values, each says why it cannot be had.
    const fault = now instanceof LamellaError ? (run ? null : now) : differing(now, tokens)
    if (fault)
      await comparisons.add({ what: `tokens of ${text}`, ...of }, () => Promise.reject(fault))
    for (const hook of hooks) {
      const value = { what: `${hook} of ${text}`, ...of, precision: keptType(hook) }
      await comparisons.add(value, async known => {
        const before = await keptValue(kept, id, hook)
        if (before === null) throw damagedError()
        known({ precision: before.precision })
        const now = await call('runs.value', { runId: (await run!).id, hook, exact: false })
        sameShape(before.value.shape, now.shape)
        return largestDifference(before.value.data, now.data)
      })
    }
  }
  for (const { request } of results.values()) {
    step(request.name)
    await comparisons.add(ofRequest(request, kept), async known => {
      const before = await keptResult(kept, requestKey(request))
      if (before === null) throw damagedError()
      known({ precision: precisionOf(before) })
      for (const ref of refsOf(request)) await open(ref)
      refuseStrayFolder(request.params, refsOf(request))
      return datasetDifference(before, await call('analysis.run', request))
    })
  }

  /** What an input is read as, without running it. */
  async function tokensAgain({ model, input }: RunSource): Promise<readonly Token[]> {
    const { id: modelId } = await open(model)
    if ('text' in input) return call('text.tokenize', { modelId, text: input.text })
    const { tokens } = await call('text.decode', { modelId, ids: input.ids })
    return tokens
  }
}

function differing(now: readonly Token[], before: readonly Token[]): LamellaError | null {
  return isDeepStrictEqual(now, before) ? null : another('are others now')
}

/** What a result is of, and how it was asked for. */
function ofRequest(request: AnalysisRequest, { runs }: Pick<KeptSession, 'runs'>): RerunOf {
  const { name, params, of } = request
  const { inputs = [] } = of.corpus ?? {}
  const [first] = inputs
  const isOne = inputs.length === 1 && first !== undefined && !('path' in first)
  const read = isOne ? inputText(first, runs) : counted(inputs.length, 'text')
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

/** What an input is called: by its text, also where that is told by the tokens of a run of the same ids alone. */
function inputText(input: RunInput, runs: KeptSession['runs']): string {
  const asked = JSON.stringify(input)
  const known = runs.find(({ source }) => JSON.stringify(source.input) === asked)
  return runText(input, known?.tokens ?? [])
}

function runText(input: RunInput, tokens: readonly Token[]): string {
  const text = 'text' in input ? input.text : tokens.map(({ text }) => text).join('')
  return 'ids' in input && text === '' ? shortened(input.ids.join(',')) : shortened(text)
}

const mostLetters = 40

function shortened(text: string): string {
  return JSON.stringify(text.length > mostLetters ? `${firstLetters(text, mostLetters)}…` : text)
}
