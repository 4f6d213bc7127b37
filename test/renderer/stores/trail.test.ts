import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useSelection } from '../../../src/renderer/src/stores/selection.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { useTrail } from '../../../src/renderer/src/stores/trail.ts'
import { answering, model } from '../fake-client.ts'

beforeEach(async () => {
  setActivePinia(createPinia())
  answering({
    'models.open': () => model('a'),
    'models.recent': () => [],
    'text.tokenize': () => []
  })
  await useModels().openPath('/a')
  useTabs().open('attention')
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

/** Looks at a head for some time, in ms. */
async function look(head: number, time = 300): Promise<void> {
  useSelection().selectHead(0, head)
  await nextTick()
  await vi.advanceTimersByTimeAsync(time)
}
const seen = () => useSelection().headOf('A').head

it('goes back and forward through what was looked at, and from where it went back on another way', async () => {
  const trail = useTrail()
  for (const head of [1, 2, 3]) await look(head)
  trail.back()
  trail.back()
  expect([seen(), trail.canGoBack, trail.canGoForward]).toEqual([1, false, true])
  trail.forward()
  expect(seen()).toBe(2)
  await look(0)
  expect(trail.canGoForward).toBe(false)
  trail.back()
  expect(seen()).toBe(2)
  trail.back()
  expect(seen()).toBe(1)
})

it('keeps nothing that was passed through', async () => {
  const trail = useTrail()
  await look(1)
  for (const head of [2, 3]) await look(head, 20)
  await look(0)
  trail.back()
  expect(seen()).toBe(1)
})

it('keeps the last hundred', async () => {
  const trail = useTrail()
  for (let i = 0; i < 120; i++) await look(i % 4)
  let steps = 0
  for (; trail.canGoBack; steps++) trail.back()
  expect(steps).toBe(99)
})
