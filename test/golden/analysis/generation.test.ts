import { beforeAll, describe, expect, it } from 'vitest'
import { filteredDistribution } from '#common/analysis/filtered-distribution.ts'
import type { Handlers } from '#common/contract/rpc.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { cpuSource, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  /** Of samples; null of token ids. */
  readonly text: string | null
  readonly continuation?: string
  readonly settings: readonly {
    readonly temperature: number
    readonly top_k: number | null
    readonly top_p: number | null
  }[]
}

/** Of probabilities. */
const tolerance = 1e-4

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

describe.each(references('generation'))('generation of %s', name => {
  let runs: EditedRuns
  let reference: Awaited<ReturnType<typeof readReference<Scalars>>>
  let prompt: number[]
  beforeAll(async () => {
    runs = await editedRuns(workbench, name)
    reference = await readReference<Scalars>('generation', name)
    prompt = await reference.integers('prompt')
  })

  type Generate = Handlers['runs.generate']
  function generated(
    options: Omit<Parameters<Generate>[0], 'source' | 'stop' | 'cache'>,
    cache = true
  ): ReturnType<Generate> {
    const { text } = reference.scalars
    const source = cpuSource(runs.model, text === null ? { ids: prompt } : { text })
    return workbench.handlers['runs.generate'](
      { source, stop: true, cache, ...options },
      uncancelled()
    )
  }

  it.each([
    ['keys and values of those before kept', true],
    ['each of a run of all before it', false]
  ])('goes on with the most probable tokens, %s', async (_, cache) => {
    const greedy = await reference.integers('greedy')
    const found = await generated({ max: greedy.length, sampling: null, top: 1 }, cache)
    expect(found.whole === null).toBe(cache)
    expect(found.prompt.map(({ id }) => id)).toEqual(prompt)
    expect(found.continuation.map(({ token }) => token.id)).toEqual(greedy)
    expect(found.ended).toBe('length')
    const margins = Float32Array.from(found.continuation, ({ margin }) => margin!)
    expectClose(margins, await reference.read('margin'), 1e-3, 'margin')
    const { continuation } = reference.scalars
    if (continuation !== undefined)
      expect(found.continuation.map(({ token }) => token.text).join('')).toBe(continuation)
    for (const { candidates, token } of found.continuation)
      expect(candidates[0]!.token.id).toBe(token.id)
  })

  it('draws from what temperature, top-k and top-p leave', async () => {
    const expected = await reference.read('filtered')
    const logits = await reference.read('logits')
    for (const [
      i,
      { temperature, top_k: topK, top_p: topP }
    ] of reference.scalars.settings.entries()) {
      const own = expected.subarray(i * logits.length, (i + 1) * logits.length)
      const support = (of: ArrayLike<number>) => Array.from(of, value => value > 0)
      const what = JSON.stringify({ temperature, topK, topP })
      const pure = filteredDistribution(logits, { temperature, topK, topP })
      expectClose(Float32Array.from(pure), own, 1e-5, what)
      const sampling = { temperature, topK, topP, seed: i }
      const { continuation } = await generated({ max: 1, sampling, top: 1000 })
      const [{ token, drawn, candidates }] = continuation as [(typeof continuation)[number]]
      const found = new Float32Array(logits.length)
      for (const { token, drawn } of candidates) found[token.id] = drawn
      expectClose(found, own, tolerance, what)
      const largest = Math.max(...logits)
      const sum = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
      for (const { token, probability } of candidates)
        expect(probability, what).toBeCloseTo(Math.exp(logits[token.id]! - largest) / sum, 4)
      expect(support(found), what).toEqual(support(own))
      expect(own[token.id], what).toBeGreaterThan(0)
      expect(drawn, what).toBeCloseTo(own[token.id]!, 4)
    }
  })
})
