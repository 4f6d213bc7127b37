import { describe, expect, it } from 'vitest'
import { Layout, layoutTabs, type LayoutPart } from '#common/model/layout.ts'

const tab = { type: 'attention', on: 'A', with: null } as const
const stack = (count = 1, share = 1): LayoutPart => ({
  share,
  tabs: Array.from({ length: count }, () => ({ ...tab })),
  front: 0
})
const layout = (parts: unknown, own: object = {}) => ({
  direction: 'row',
  parts,
  floating: [],
  ...own
})
const fits = (value: unknown) => Layout.safeParse(value).success

/** A stack with so many splits around it. */
function within(splits: number): unknown {
  let part: unknown = stack()
  for (let i = 0; i < splits; i++) part = { share: 1, parts: [part] }
  return part
}

describe('a layout', () => {
  it('has its tabs where they stand, in splits and floating', () => {
    const kept = layout([stack(2, 0.5), { share: 0.5, parts: [stack(), stack()] }], {
      floating: [{ ...stack(), left: 0.1, top: 0, width: 0.5, height: 0.5 }]
    })
    expect(layoutTabs(Layout.parse(kept))).toHaveLength(5)
    expect(fits(layout([], { floating: [] }))).toBe(false)
  })

  it('has no tab of anything else than a group, and keeps nothing beside the view', () => {
    const model = { path: '/a', fingerprint: 'f' }
    for (const other of [{ on: 'E' }, { on: { model, at: {} } }, { with: 'Z' }, { type: '' }])
      expect(fits(layout([{ share: 1, tabs: [{ ...tab, ...other }], front: 0 }]))).toBe(false)
    const more = layout([{ share: 1, tabs: [{ ...tab, id: 'x', text: 'y' }], front: 0 }])
    expect(layoutTabs(Layout.parse(more))).toEqual([tab])
  })

  it('has a bound of tabs and of splits in one another, and shares that are some', () => {
    expect(fits(layout([stack(60), stack(40)]))).toBe(true)
    expect(fits(layout([stack(60), stack(41)]))).toBe(false)
    expect(fits(layout([within(8)]))).toBe(true)
    expect(fits(layout([within(9)]))).toBe(false)
    expect(fits(layout([within(100_000)]))).toBe(false)
    for (const share of [0, -1, 2, NaN, '1'])
      expect(fits(layout([{ ...stack(), share }]))).toBe(false)
    expect(fits(layout([{ ...stack(), front: -1 }]))).toBe(false)
    expect(fits(layout([{ share: 1, parts: [] }]))).toBe(false)
  })
})
