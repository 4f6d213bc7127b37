import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import type { GoingStep } from '#common/figure/views/going-steps.ts'
import { useCandidates } from '../../../../src/renderer/src/views/predictions/use-candidates.ts'
import { model, run, tokens } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const letters = model('letters')
const [a, b, c] = tokens('abc', [1, 2])
const begunWith = (token: GoingStep['token']): GoingStep => ({
  ...{ token, taken: true, probability: 0.5, drawn: null, candidates: null }
})

it('lists what might have come at a step, and nothing of the step before as its own', async () => {
  const asked = askingStores()
  useRuns().ensure = ((source: { input: { text: string } }) =>
    Promise.resolve(run(letters, source.input.text))) as never
  const at = shallowRef({ step: begunWith(a!), text: 'x' })
  const isSampled = shallowRef(false)
  const scope = effectScope()
  const candidates = scope.run(() =>
    useCandidates(
      () => at.value.step,
      () => run(letters, at.value.text).source,
      () => isSampled.value
    )
  )!
  const { own, listed, error, byDrawn, retry } = candidates
  const ids = () => [own.value, listed.value].map(list => list?.map(({ token }) => token.id))
  await expect.poll(() => asked.length).toBe(1)
  asked[0]!.resolve([{ token: a, probability: 0.7 }])
  await expect.poll(ids).toEqual([[a!.id], [a!.id]])

  at.value = { step: begunWith(b!), text: 'xa' }
  expect(ids()).toEqual([undefined, [a!.id]])
  await expect.poll(() => asked.length).toBe(2)
  asked[1]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
  await expect.poll(() => error.value?.message).toBe('The engine stopped')
  expect(ids()).toEqual([undefined, []])
  retry()
  await expect.poll(() => asked.length).toBe(3)
  asked[2]!.resolve([{ token: b, probability: 0.6 }])
  await expect.poll(ids).toEqual([[b!.id], [b!.id]])

  // What was drawn is known.
  const drawn = [{ token: c!, probability: 0.4, drawn: 0.9 }]
  at.value = { step: { ...begunWith(c!), drawn: 0.9, candidates: drawn }, text: 'xab' }
  expect(own.value).toEqual([{ token: c, probability: 0.4 }])
  isSampled.value = true
  expect([own.value, byDrawn.value]).toEqual([[{ token: c, probability: 0.9 }], true])
  expect(asked).toHaveLength(3)
  // Among what else was expected at a token that it was to begin with nothing was drawn.
  at.value = { step: begunWith(b!), text: 'xa' }
  expect([own.value, byDrawn.value]).toEqual([[{ token: b, probability: 0.6 }], false])
  scope.stop()
})
