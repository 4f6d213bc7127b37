import type { Handlers } from '#common/contract/rpc.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { requestKey } from './request-key.ts'

/** What windows have asked for since the start: what a session keeps of what was seen, and what results take. */
export interface LookedAt {
  value(run: string, hook: string, bytes: number): void
  result(key: string, bytes: number): void
  /** The hooks of a run, and what each took as it was given, in bytes: of one that was asked for by heads, one head. */
  hooks(run: string): ReadonlyMap<string, number>
  /** What a result takes, in bytes; null where none was given. */
  resultBytes(key: string): number | null
}

const mostRuns = 2000
const mostResults = 10_000

export function createLookedAt(): LookedAt {
  const runs = createBoundedMap<Map<string, number>>(mostRuns, () => 1)
  const results = createBoundedMap<number>(mostResults, () => 1)
  return {
    value(run, hook, bytes) {
      const own = runs.get(run) ?? new Map<string, number>()
      own.set(hook, bytes)
      runs.set(run, own)
    },
    result: (key, bytes) => results.set(key, bytes),
    hooks: run => runs.get(run) ?? new Map<string, number>(),
    resultBytes: key => results.get(key) ?? null
  }
}

/** Runs and analyses as windows ask for them, with a note of what each was given. */
export function noting<H extends Pick<Handlers, 'runs.value' | 'analysis.run'>>(
  handlers: H,
  lookedAt: LookedAt
): H {
  return {
    ...handlers,
    async 'runs.value'(params, context) {
      const value = await handlers['runs.value'](params, context)
      lookedAt.value(params.runId, params.hook, value.data.byteLength)
      return value
    },
    async 'analysis.run'(params, context) {
      const result = await handlers['analysis.run'](params, context)
      const { axes, variables, attributes } = result
      const bytes = Object.values(variables).reduce((sum, { data }) => sum + data.byteLength, 0)
      lookedAt.result(requestKey(params), bytes + JSON.stringify([axes, attributes]).length)
      return result
    }
  } satisfies H
}
