import { describe, expect, it } from 'vitest'
import { parseWorkspace } from '../../../src/renderer/src/stores/workspace-state.ts'

const follows = { on: 'A', with: null }

describe('parseWorkspace', () => {
  it('is null when there is none or it is of a later version', () => {
    for (const saved of [null, 3, 'x', {}, { version: 3 }]) expect(parseWorkspace(saved)).toBeNull()
  })

  it('fills everything that is missing', () => {
    expect(parseWorkspace({ version: 2 })).toMatchObject({
      models: [],
      tabs: [],
      provider: 'auto',
      groups: [],
      settings: { theme: 'system', colorMap: 'magma', range: 'automatic' },
      panels: { left: { open: false, width: 224 } }
    })
  })

  it('has no tab whose name the dock would take for a member of every object, and no more than a window builds', () => {
    const tab = (id: string) => ({ id, type: 'head', context: follows })
    const tabs = ['__proto__', 'constructor', 'toString', 'x'.repeat(201), 'head-1'].map(tab)
    const ids = (tabs: object[]) => parseWorkspace({ version: 2, tabs })!.tabs.map(({ id }) => id)
    expect(ids(tabs)).toEqual(['head-1'])
    expect(ids(Array.from({ length: 501 }, (_, i) => tab(`head-${i}`)))).toHaveLength(500)
  })

  it('keeps which models were chosen, also as that was said before', () => {
    const chosen = {
      '/now': { path: '/now', fingerprint: 'n', as: 'present' },
      '/there': 'present',
      '/kept': 'kept',
      '/aside': { path: '/aside', fingerprint: 'a' },
      '/unknown': 'kept'
    }
    const fingerprints = { '/there': 't', '/kept': 'k', '/aside': 'another' }
    expect(parseWorkspace({ version: 2, chosen, fingerprints })?.chosen).toEqual({
      '/now': { path: '/now', fingerprint: 'n', as: 'present' },
      '/there': { path: '/there', fingerprint: 't', as: 'present' },
      '/kept': { path: '/kept', fingerprint: 'k', as: 'aside' },
      '/aside': { path: '/aside', fingerprint: 'a', as: 'aside' }
    })
  })

  it('drops what does not parse and keeps the rest', () => {
    const parsed = parseWorkspace({
      version: 2,
      models: ['/a', 7, ''],
      groups: [
        { name: 'B', model: '/a', texts: { '/a': 'hello' }, layer: -1, head: 2, cell: 'x' },
        { name: 'Z' }
      ],
      tabs: [
        { id: 't', type: 'head', context: { on: 'B', with: null } },
        { id: 'u', type: 'head', context: { on: 'nothing' } },
        { id: 3 },
        null
      ],
      activeTab: 9,
      provider: 'abacus',
      settings: { theme: 'dark', colorMap: 'rainbow', hints: ['grid', 4] },
      panels: { left: { open: true, width: 1e9 }, gridShare: 0.3 }
    })
    expect(parsed).toMatchObject({
      models: ['/a'],
      groups: [{ name: 'B', model: '/a', texts: { '/a': 'hello' }, layer: 0, head: 2, cell: null }],
      tabs: [
        { id: 't', type: 'head', context: { on: 'B', with: null } },
        { id: 'u', type: 'head', context: follows }
      ],
      activeTab: null,
      provider: 'auto',
      settings: { theme: 'dark', colorMap: 'magma', hints: ['grid'] },
      panels: { left: { open: false, width: 224 }, gridShare: 0.3 }
    })
  })

  it('tells what was selected from what is not said of it', () => {
    const parsed = (group: object, rest = {}) =>
      parseWorkspace({ version: 2, groups: [{ name: 'A', ...group }], ...rest })!
    expect('selected' in parsed({}).groups[0]!).toBe(false)
    expect(parsed({ selected: null }).groups[0]!.selected).toBeNull()
    expect(parsed({ selected: { kind: 'moon', ids: ['1'] } }).groups[0]!.selected).toBeNull()
    expect(parsed({}).alone).toBeUndefined()
    const selected = { kind: 'token', ids: ['1', '2'] }
    expect(parsed({}, { alone: [{ tab: 't', selected }, { tab: '' }, 3] }).alone).toEqual([
      { tab: 't', cell: null, selected }
    ])
  })

  it('comes back the same after it was saved', () => {
    const run = { model: { path: '/a', fingerprint: 'f' }, input: { text: 'hello' } }
    const on = { run, at: { layer: 1, head: 2 } }
    const parsed = parseWorkspace({
      version: 2,
      models: ['/a'],
      layout: { panels: {} },
      tabs: [{ id: 't', type: 'head', context: { on } }]
    })!
    expect(parsed.tabs[0]!.context.on).toMatchObject(on)
    expect(parseWorkspace(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })
})

describe('an arrangement of version 1', () => {
  const pin = { modelPath: '/a', text: 'hello', layer: 1, head: 3 }
  const first = {
    version: 1,
    models: ['/a', '/b'],
    activeModel: '/b',
    texts: { '/a': 'hello', '/b': 'there' },
    provider: 'cpu',
    tabs: [
      { id: 'overview', type: 'overview', context: {} },
      { id: 'overview-1', type: 'overview', context: { pin: { modelPath: '/a', name: 'a' } } },
      { id: 'attention', type: 'attention', context: { pin: null } },
      { id: 'head-1', type: 'head', context: { layer: 0, head: 1, pin } },
      { id: 'head-2', type: 'head', context: { layer: 0, head: 1, pin: 'broken' } }
    ],
    activeTab: 'head-1',
    layout: { panels: {} },
    selection: { layer: 2, head: 1, cell: { query: 5, key: 4 } },
    settings: { theme: 'dark' },
    panels: { gridShare: 0.3 }
  }

  it('opens, its text and selection those of group A', () => {
    expect(parseWorkspace(first)).toMatchObject({
      version: 2,
      models: ['/a', '/b'],
      groups: [
        {
          name: 'A',
          model: '/b',
          texts: { '/a': 'hello', '/b': 'there' },
          layer: 2,
          head: 1,
          cell: { query: 5, key: 4 }
        }
      ],
      provider: 'cpu',
      activeTab: 'head-1',
      settings: { theme: 'dark' },
      panels: { gridShare: 0.3 }
    })
  })

  it('opens its tabs: those that were pinned stay on what they were pinned to', () => {
    const model = { path: '/a', fingerprint: '' }
    const run = { model, input: { text: 'hello' }, edits: [], provider: 'auto' }
    const contexts = parseWorkspace(first)!.tabs.map(({ context }) => context)
    expect(contexts).toEqual([
      follows,
      { on: { model, at: {} }, with: null },
      follows,
      { on: { run, at: { layer: 1, head: 3 } }, with: null },
      follows
    ])
  })
})
