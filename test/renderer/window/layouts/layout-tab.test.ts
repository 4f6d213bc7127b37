import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { On } from '#common/model/subject.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import type { Tab } from '../../../../src/renderer/src/stores/tabs.ts'
import { layoutTab } from '../../../../src/renderer/src/window/layouts/layout-tab.ts'
import { answering, model } from '../../fake-client.ts'

const a = model('a')
const b = model('b')
const on = ({ path, fingerprint }: typeof a): On => ({ model: { path, fingerprint }, at: {} })
const tab = (id: string, type: string, on: On, other: On | null = null): Tab => ({
  id,
  type,
  context: { on, with: other }
})

beforeEach(() => {
  setActivePinia(createPinia())
  answering({})
})

describe('a tab in a layout', () => {
  beforeEach(() => {
    const models = useModels()
    models.open = [a, b]
    models.activate(a.id, 'A')
    models.activate(b.id, 'B')
  })

  it('is of its group, without what it is about', () => {
    const kept = layoutTab(tab('1', 'head', 'B', 'C'))
    expect(kept).toEqual({ type: 'head', on: 'B', with: 'C' })
    expect(layoutTab(tab('2', 'overview', 'D'))).toEqual({ type: 'overview', on: 'D', with: null })
  })

  it('is of the group with its model where it stays on something, and never compared with that group', () => {
    const all = [
      tab('1', 'head', on(b)),
      tab('2', 'head', on(model('closed'))),
      tab('3', 'head', on(b), on(a)),
      tab('4', 'head', on(a), on(a))
    ]
    expect(all.map(layoutTab).map(({ on, with: other }) => [on, other])).toEqual([
      ['B', null],
      ['A', null],
      ['B', 'A'],
      ['A', 'B']
    ])
  })
})
