import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => {
  vi.unstubAllGlobals()
})

const run = {
  model: { path: '/a', fingerprint: 'files' },
  input: { text: 'one' },
  edits: [],
  provider: 'auto' as const
}
const at = (layer: number, head: number) => ({ run, at: { layer, head } })

it('shows the tab that is of the same view, about the same, compared and set as is asked for', () => {
  const tabs = useTabs()
  const first = tabs.open('head', at(0, 1))
  expect(tabs.open('head', at(0, 1))).toBe(first)
  expect(tabs.open('head', at(0, 2))).not.toBe(first)
  expect(tabs.open('lines', at(0, 1))).not.toBe(first)
  expect(tabs.open('head', at(0, 1), { other: 'B' })).not.toBe(first)
  const set = tabs.open('head', at(0, 1), { options: { rows: [1] } })
  expect(set).not.toBe(first)
  expect(tabs.open('head', at(0, 1), { options: { rows: [1] } })).toBe(set)
  expect(tabs.tabs).toHaveLength(5)
})

it('keeps a tab that was opened for a look once it is opened for good', () => {
  const tabs = useTabs()
  const looked = tabs.open('head', at(0, 1), { preview: true })
  expect(tabs.open('head', at(0, 2), { preview: true })).toBe(looked)
  expect(tabs.open('head', at(0, 2), { preview: true })).toBe(looked)
  expect(tabs.find(looked)?.preview).toBe(true)
  tabs.open('head', at(0, 2))
  expect(tabs.find(looked)?.preview).toBeUndefined()
  expect(tabs.open('head', at(0, 3), { preview: true })).not.toBe(looked)
})

it('takes what is compared along where both are at the same head, and leaves it where they are not', () => {
  const tabs = useTabs()
  const other = { ...run, input: { text: 'two' } }
  const together = tabs.open('head', at(1, 2), { other: { run: other, at: { layer: 1, head: 2 } } })
  tabs.move(together, 'on', at(0, 3))
  expect(tabs.find(together)?.context.with).toEqual({ run: other, at: { layer: 0, head: 3 } })
  const apart = tabs.open('head', at(1, 2), { other: { run: other, at: { layer: 1, head: 0 } } })
  tabs.move(apart, 'on', at(0, 3))
  expect(tabs.find(apart)?.context.with).toEqual({ run: other, at: { layer: 1, head: 0 } })
})

it('has no closed tab to open again that was put back meanwhile', () => {
  const tabs = useTabs()
  tabs.open('head', at(0, 1))
  tabs.open('head', at(0, 2))
  const [first, second] = tabs.tabs
  tabs.closed = [first!, second!].map(tab => ({ tab, standing: null }))
  tabs.restore({ tabs: [first!], layout: null, active: null })
  expect(tabs.closed.map(({ tab }) => tab)).toEqual([second])
})

it('has no more closed tabs to open again than anyone goes back through', () => {
  vi.stubGlobal('document', { querySelector: () => null })
  const tabs = useTabs()
  const element = { getBoundingClientRect: () => ({}) }
  const group = { id: '1', element, panels: ['one', 'another'] }
  tabs.attach({
    onDidRemovePanel: () => undefined,
    onDidActivePanelChange: () => undefined,
    onDidLayoutChange: () => undefined,
    addPanel: () => undefined,
    getPanel: () => ({ group }),
    removePanel: () => undefined
  } as never)
  const ids = Array.from({ length: 60 }, (_, i) => tabs.open('head', at(0, i)))
  for (const id of ids) tabs.close(id)
  expect(tabs.closed.map(({ tab }) => tab.id)).toEqual(ids.slice(-50))
})
