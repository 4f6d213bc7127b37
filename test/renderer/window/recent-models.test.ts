import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import {
  modelsByName,
  recentModels,
  sampleModels
} from '../../../src/renderer/src/window/recent-models.ts'
import { model } from '../fake-client.ts'

beforeEach(() => {
  setActivePinia(createPinia())
  const models = useModels()
  models.samples = [
    { name: 'hebrew', path: '/samples/hebrew' },
    { name: 'plays', path: '/samples/plays' }
  ]
  models.recent = [
    { name: 'hebrew', path: '/mine/hebrew' },
    { name: 'model.safetensors', path: '/runs/seven/model.safetensors' },
    { name: 'gpt2', path: '/gpt2' }
  ]
})

describe('the recent models', () => {
  it('are those that were opened, told apart by their folders where they are called alike', () => {
    expect(recentModels()).toEqual([
      { name: 'hebrew · mine', path: '/mine/hebrew' },
      { name: 'seven', path: '/runs/seven/model.safetensors' },
      { name: 'gpt2', path: '/gpt2' }
    ])
    expect(sampleModels().map(({ name }) => name)).toEqual(['hebrew · samples', 'plays'])
  })

  it('have no sample that was never opened: those stand by themselves', () => {
    expect(sampleModels().map(({ path }) => path)).toEqual(['/samples/hebrew', '/samples/plays'])
    expect(modelsByName().map(({ title }) => title)).toEqual(['Recent', 'Samples'])
    useModels().recent = [{ name: 'plays', path: '/samples/plays' }]
    expect(recentModels().map(({ name }) => name)).toEqual(['plays'])
    expect(sampleModels().map(({ name }) => name)).toEqual(['hebrew'])
  })

  it('leave out what is open', () => {
    useModels().open = [model('gpt2')]
    expect(recentModels().map(({ name }) => name)).not.toContain('gpt2')
  })
})
