import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { refOf } from '../../../src/renderer/src/stores/runs.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { openModel } from '../../../src/renderer/src/window/open-model.ts'
import { answering, model, run } from '../fake-client.ts'

const [first, second] = [model('first'), model('second')]

beforeEach(() => {
  setActivePinia(createPinia())
  answering({
    'models.open': ({ path }) => (path === first.path ? first : second),
    'models.recent': () => [],
    'models.close': () => null,
    'text.tokenize': () => [],
    'library.remember': () => null,
    'runs.start': () => run(first, 'a text')
  })
})

it('opens a model for the tab in front that stands alone, and leaves the groups theirs', async () => {
  const models = useModels()
  const tabs = useTabs()
  tabs.open('attention')
  await openModel(first.path)
  expect(models.activeOf('A')).toEqual(first)
  const id = tabs.open('vocabulary', { model: refOf(first), at: {} })
  tabs.show(id)
  expect(tabs.scope).toBe(id)
  await openModel(second.path)
  expect(tabs.subjectOf(id)).toMatchObject({ model: refOf(second) })
  expect(models.activeOf('A')).toEqual(first)
})
