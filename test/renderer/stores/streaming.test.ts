import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { useStatus } from '../../../src/renderer/src/stores/status.ts'
import { useStreaming } from '../../../src/renderer/src/stores/streaming.ts'
import { answering, model, run } from '../fake-client.ts'

let calls: ReturnType<typeof answering>
beforeEach(() => {
  setActivePinia(createPinia())
  calls = answering({
    'runs.estimate': () => ({ milliseconds: 1, bytes: 1 }) as never,
    'analysis.run': () => ({}) as never
  })
})

it('lets views ask for the first block of a run that streams, and for those that were run since', async () => {
  const streaming = useStreaming()
  const streamed = run(model('large'), 'one', { complete: false })
  const asked = () => [0, 1, 2].map(layer => streaming.mayAsk(streamed, layer))
  expect(asked()).toEqual([true, false, false])
  await streaming.runUpTo(streamed, 1)
  expect(streaming.failure).toBeNull()
  expect(asked()).toEqual([true, true, false])
  expect(streaming.mayAsk({ ...streamed, complete: true }, 2)).toBe(true)
})

it('measures once what a text takes, of each length and provider', async () => {
  const { estimate } = useStreaming()
  const { signal } = new AbortController()
  for (const tokens of [10, 10, 20]) await estimate('m', tokens, signal)
  expect(calls).toHaveLength(2)
  useStatus().choice = 'webgpu'
  await estimate('m', 10, signal)
  expect(calls.map(({ params }) => params)).toEqual([
    { modelId: 'm', tokens: 10, provider: 'auto' },
    { modelId: 'm', tokens: 20, provider: 'auto' },
    { modelId: 'm', tokens: 10, provider: 'webgpu' }
  ])
})
