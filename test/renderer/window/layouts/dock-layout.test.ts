import { describe, expect, it } from 'vitest'
import { Layout, type LayoutTab } from '#common/model/layout.ts'
import { builtInLayouts } from '../../../../src/renderer/src/window/layouts/built-in-layouts.ts'
import { dockLayout, placedTabs } from '../../../../src/renderer/src/window/layouts/dock-layout.ts'

type Dock = Parameters<typeof dockLayout>[0]

const extent = { width: 1000, height: 600 }
const tab = (type: string, on: LayoutTab['on'] = 'A'): LayoutTab => ({ type, on, with: null })
const leaf = (size: number, ...views: string[]) => ({
  type: 'leaf',
  size,
  data: { id: views.join(), views, activeView: views.at(-1) }
})
const dock = (orientation: string, data: unknown[], own: object = {}) =>
  ({
    grid: { root: { type: 'branch', data, size: 600 }, ...extent, orientation },
    panels: {},
    ...own
  }) as unknown as Dock

/** Each view is called by its type and its group; a page is none. */
const tabOf = (id: string) => {
  const [type = '', on = 'A'] = id.split(' ')
  return type === 'settings' ? null : tab(type, on as LayoutTab['on'])
}
/** Ids that tell the order in which they were given. */
const counting = () => {
  let count = 0
  return (type: string) => `${type} ${++count}`
}

describe('the layout of a dock', () => {
  it('has shares of splits, which tab is in front, and nothing of what tabs are called', () => {
    const column = { type: 'branch', size: 250, data: [leaf(150, 'head'), leaf(450, 'head B')] }
    expect(
      dockLayout(dock('HORIZONTAL', [leaf(750, 'overview', 'attention'), column]), tabOf)
    ).toEqual({
      direction: 'row',
      parts: [
        { share: 0.75, tabs: [tab('overview'), tab('attention')], front: 1 },
        {
          share: 0.25,
          parts: [
            { share: 0.25, tabs: [tab('head')], front: 0 },
            { share: 0.75, tabs: [tab('head', 'B')], front: 0 }
          ]
        }
      ],
      floating: []
    })
    expect(dockLayout(dock('VERTICAL', [leaf(600, 'head')]), tabOf)?.direction).toBe('column')
  })

  it('leaves pages out, with the room that they alone had, and equal tabs of a stack but one', () => {
    const layout = dockLayout(
      dock('HORIZONTAL', [
        leaf(200, 'settings'),
        { type: 'branch', size: 200, data: [leaf(600, 'settings')] },
        leaf(600, 'head', 'settings', 'head A', 'head B', 'head')
      ]),
      tabOf
    )
    expect(layout?.parts).toEqual([{ share: 1, tabs: [tab('head'), tab('head', 'B')], front: 0 }])
    expect(dockLayout(dock('HORIZONTAL', [leaf(200, 'settings')]), tabOf)).toBe(null)
    expect(dockLayout(dock('HORIZONTAL', []), tabOf)).toBe(null)
  })

  it('says where stacks float, by the corner that they hold to', () => {
    const { data } = leaf(0, 'head')
    const size = { width: 500, height: 300 }
    const grid = { root: { type: 'branch', data: [leaf(1, 'head'), leaf(1, 'overview')] } }
    const floatingGroups = [
      { data, position: { left: 100, top: 60, ...size } },
      { data, position: { right: 0, bottom: 0, ...size } },
      { grid, position: { left: -20, top: 9000, width: 0, height: 900 } }
    ]
    const layout = dockLayout(dock('HORIZONTAL', [], { floatingGroups }), tabOf)
    const half = { tabs: [tab('head')], front: 0, width: 0.5, height: 0.5 }
    expect(layout?.floating).toEqual([
      { ...half, left: 0.1, top: 0.1 },
      { ...half, left: 0.5, top: 0.5 },
      { tabs: [tab('head'), tab('overview')], front: 0, left: 0, top: 1, width: 0.01, height: 1 }
    ])
  })
})

describe('tabs placed by a layout', () => {
  it('fill the dock as it is now, and are the same layout again', () => {
    const layout: Layout = {
      direction: 'column',
      parts: [
        { share: 0.25, tabs: [tab('overview'), tab('attention')], front: 1 },
        {
          share: 0.75,
          parts: [
            { share: 0.5, tabs: [tab('head')], front: 0 },
            { share: 0.5, tabs: [tab('head', 'B')], front: 0 }
          ]
        }
      ],
      floating: [{ tabs: [tab('head')], front: 0, left: 0.1, top: 0.1, width: 0.5, height: 0.5 }]
    }
    const placed = placedTabs(layout, extent, counting())
    const { grid } = placed.layout as Dock
    expect(grid).toMatchObject({ ...extent, orientation: 'VERTICAL' })
    expect(grid.root.data).toMatchObject([
      { size: 150, data: { views: ['overview 1', 'attention 2'], activeView: 'attention 2' } },
      { size: 450, data: [{ size: 500 }, { size: 500 }] }
    ])
    expect(placed.active).toBe('attention 2')
    expect(placed.tabs).toHaveLength(5)
    const again = dockLayout(placed.layout as Dock, id => {
      const { type, context } = placed.tabs.find(tab => tab.id === id)!
      return { type, on: context.on as LayoutTab['on'], with: null }
    })
    expect(again).toEqual(layout)
  })

  it('are each a tab of its own, whatever the layout says of them', () => {
    const wild: Layout = {
      direction: 'row',
      parts: [
        { share: 1, tabs: [tab('head'), tab('head')], front: 99 },
        { share: 1, tabs: [tab('head')], front: 0 }
      ],
      floating: []
    }
    const { tabs, layout, active } = placedTabs(wild, extent, counting())
    expect(Object.keys((layout as Dock).panels)).toEqual(tabs.map(({ id }) => id))
    expect(active).toBe('head 2')
    const sizes = ((layout as Dock).grid.root.data as { size: number }[]).map(({ size }) => size)
    expect(sizes).toEqual([500, 500])
  })
})

describe('the layouts that are built in', () => {
  it('are such as are read, under a name each', () => {
    for (const { layout } of builtInLayouts) expect(Layout.parse(layout)).toEqual(layout)
    expect(builtInLayouts.map(({ name }) => name)).toEqual([
      'Find a head',
      'Compare two models',
      'Trace a prediction'
    ])
  })
})
