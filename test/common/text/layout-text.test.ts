import { describe, expect, it } from 'vitest'
import type { LayoutTab } from '#common/model/layout.ts'
import { layoutText } from '#common/text/layout-text.ts'

const tab = (on: LayoutTab['on'], other: LayoutTab['with'] = null): LayoutTab => ({
  type: 'head',
  on,
  with: other
})
const told = (...stacks: LayoutTab[][]) =>
  layoutText({
    direction: 'row',
    parts: stacks.map(tabs => ({ share: 1 / stacks.length, tabs, front: 0 })),
    floating: []
  })

describe('a layout in a line', () => {
  it('says how many tabs and panes there are, and its groups where there are several', () => {
    expect(told([tab('A')])).toBe('1 tab')
    expect(told([tab('B'), tab('B')])).toBe('2 tabs')
    expect(told([tab('A')], [tab('A')])).toBe('2 tabs in 2 panes')
    expect(told([tab('A', 'B')], [tab('D')])).toBe('2 tabs in 2 panes, groups A, B and D')
  })
})
