import { describe, expect, it } from 'vitest'
import { parseWorkspace } from '../../../src/renderer/src/stores/workspace-state.ts'

describe('parseWorkspace', () => {
  it('is null when there is none or it is of another version', () => {
    for (const saved of [null, 3, 'x', {}, { version: 2 }]) expect(parseWorkspace(saved)).toBeNull()
  })

  it('fills everything that is missing', () => {
    expect(parseWorkspace({ version: 1 })).toMatchObject({
      models: [],
      tabs: [],
      provider: 'auto',
      selection: { layer: 0, head: 0, cell: null },
      settings: { theme: 'system', colorMap: 'magma', range: 'fixed' },
      panels: { left: { open: true, width: 224 } }
    })
  })

  it('drops what does not parse and keeps the rest', () => {
    const parsed = parseWorkspace({
      version: 1,
      models: ['/a', 7, ''],
      texts: { '/a': 'hello' },
      tabs: [{ id: 't', type: 'head', context: { layer: 1 } }, { id: 3 }, null],
      activeTab: 9,
      provider: 'abacus',
      selection: { layer: -1, head: 0, cell: null },
      settings: { theme: 'dark', colorMap: 'rainbow', hints: ['grid', 4] },
      panels: { left: { open: false, width: 1e9 }, gridShare: 0.3 }
    })
    expect(parsed).toMatchObject({
      models: ['/a'],
      texts: { '/a': 'hello' },
      tabs: [{ id: 't', type: 'head', context: { layer: 1 } }],
      activeTab: null,
      provider: 'auto',
      selection: { layer: 0, head: 0, cell: null },
      settings: { theme: 'dark', colorMap: 'magma', hints: ['grid'] },
      panels: { left: { open: true, width: 224 }, gridShare: 0.3 }
    })
  })

  it('comes back the same after it was saved', () => {
    const parsed = parseWorkspace({ version: 1, models: ['/a'], layout: { panels: {} } })!
    expect(parseWorkspace(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })
})
