import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useDots } from '../../../src/renderer/src/stores/dots.ts'
import { model, run } from '../fake-client.ts'

it('gives runs that differ in model, text or edits colours of their own, whichever provider computed them', () => {
  setActivePinia(createPinia())
  const dots = useDots()
  const { source } = run(model('a'), 'one')
  const edit = { hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0, add: null }
  const others = [
    { ...source, input: { text: 'two' } },
    { ...source, edits: [edit] as never },
    { ...source, model: { ...source.model, path: '/b' } }
  ]
  expect(new Set([source, ...others].map(dots.ofRun)).size).toBe(4)
  expect(dots.ofRun({ ...source, provider: 'webgpu' })).toBe(dots.ofRun(source))
})

it('are those that they had before in a window that comes back, in whatever order they are shown', async () => {
  const sources = ['one', 'two', 'three'].map(text => run(model('a'), text).source)
  setActivePinia(createPinia())
  const before = sources.map(source => useDots().ofRun(source))
  await nextTick()
  const saved = JSON.parse(JSON.stringify(useDots().kept)) as string[]
  setActivePinia(createPinia())
  const dots = useDots()
  dots.bringBack(saved)
  expect(sources.toReversed().map(source => dots.ofRun(source))).toEqual(before.toReversed())
})

it('stay as they are where more runs are shown than are kept', async () => {
  setActivePinia(createPinia())
  const dots = useDots()
  const source = (i: number) => run(model('a'), `text ${i}`).source
  const all = Array.from({ length: 100 }, (_, i) => dots.ofRun(source(i)))
  await nextTick()
  expect(dots.kept.length).toBeLessThanOrEqual(64)
  expect(dots.ofRun(source(99))).toBe(all[99])
  expect(dots.ofRun(source(60))).toBe(all[60])
})
