import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import type { PastRun } from '#common/model/library.ts'
import { useLibrary } from '../../../src/renderer/src/stores/library.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { answering, model } from '../fake-client.ts'

beforeEach(() => {
  setActivePinia(createPinia())
  answering({ 'library.remember': () => null })
})

const past = (path: string, at: number): PastRun => ({
  source: { model: { path, fingerprint: 'f' }, input: { text: 'a' }, edits: [], provider: 'cpu' },
  modelName: path.split('/').at(-1)!,
  at
})

it('open models are told apart from each other, and one that is not open from them', () => {
  const models = useModels()
  models.open = [model('gpt', { path: '/a/gpt' }), model('bert', { path: '/a/bert' })]
  expect(models.nameAt('/a/gpt')).toBe('gpt')
  expect(models.nameAt('/b/gpt')).toBe('gpt · b')
  expect(models.nameAt('/b/\u202egpt')).toBe('⟨202E⟩gpt')
  models.open = [...models.open, model('gpt', { path: '/b/gpt' })]
  expect(models.open.map(({ path }) => models.nameAt(path))).toEqual(['gpt · a', 'bert', 'gpt · b'])
})

it('models of runs are told apart from each other and from the open ones', () => {
  const library = useLibrary()
  const runs = [past('/a/gpt', 1), past('/b/gpt', 2), past('/b/bert', 3)] as const
  runs.forEach(library.remember)
  expect(runs.map(library.modelNameOf)).toEqual(['gpt · a', 'gpt · b', 'bert'])
  useModels().open = [model('bert', { path: '/c/bert' })]
  expect(library.modelNameOf(runs[2])).toBe('bert · b')
})
