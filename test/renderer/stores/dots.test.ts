import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
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
