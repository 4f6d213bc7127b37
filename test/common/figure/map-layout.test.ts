import { describe, expect, it } from 'vitest'
import { barRoom } from '#common/figure/color-bar.ts'
import { mapLayout } from '#common/figure/map-layout.ts'

const label = { text: 'letters', faint: false, special: false }
const layout = (width: number, size = 20, hasTitle = false, hasProfiles = false, cell = 0) =>
  mapLayout(
    { width, height: 400, ratio: 1 },
    { labels: Array.from({ length: size }, () => label), fontSize: 11, hasTitle, hasProfiles },
    cell
  )

describe('mapLayout', () => {
  it('leaves room for a colour bar beside the map', () => {
    const { left, stage, hasBar } = layout(600)
    expect(hasBar).toBe(true)
    expect(600 - left - stage.width).toBeGreaterThan(60)
  })
  it('gives all the width to the map in a narrow pane', () => {
    const { left, stage, hasBar } = layout(220)
    expect(hasBar).toBe(false)
    // But for half of what the letters of its last key, of 11 pixels, are wider than a cell of 6.
    expect(stage.width).toBe(220 - left - 2.5)
    expect(stage.width).toBeGreaterThan(120)
  })
  it('never lets the bar make a map tiny', () => {
    const layouts = Array.from({ length: 400 }, (_, i) => layout(200 + i))
    expect(Math.min(...layouts.map(({ stage }) => stage.width))).toBeGreaterThanOrEqual(100)
  })
  it('has its bar beside it on a page where one below would take more of a low map', () => {
    const label = { text: 'letters', faint: false, special: false }
    const labels = Array.from({ length: 20 }, () => label)
    const needs = { labels, fontSize: 11, hasTitle: false, hasProfiles: false, below: () => 45 }
    const { left, top } = layout(600)
    // 100 pixels for a map beside a bar, of which there are fewer than usual.
    const width = left + barRoom({ size: 11 }) + 100
    const at = (down: number) => mapLayout({ width, height: top + 2 + down, ratio: 1 }, needs)
    expect(at(100)).toMatchObject({ hasBar: true, below: 0, stage: { width: 100, height: 100 } })
    expect(at(400)).toMatchObject({ hasBar: false, below: 45, stage: { height: 355 } })
  })
  it('leaves room for profiles below the map and beside it', () => {
    const plain = layout(600)
    const profiled = layout(600, 20, false, true)
    expect(plain.stage.width - profiled.stage.width).toBe(42)
    expect(plain.stage.height - profiled.stage.height).toBe(42)
    expect(profiled.hasBar).toBe(true)
  })
  it('begins below a title', () => {
    const plain = layout(600)
    const titled = layout(600, 20, true)
    expect(titled.top - plain.top).toBe(titled.above)
    expect(titled.above).toBeGreaterThan(20)
    expect(titled.stage.height).toBe(plain.stage.height - titled.above)
  })
  it('has labels of keys lie where the widest fits a cell, with no more room above than that takes', () => {
    const few = layout(600, 5)
    const many = layout(600, 20)
    const near = layout(600, 20, false, false, 60)
    expect([few, many, near].map(({ keysStand }) => keysStand)).toEqual([false, true, false])
    expect(few.top).toBe(near.top)
    expect(few.top).toBeLessThan(40)
    expect(many.top).toBeGreaterThan(60)
    expect(near.stage.height).toBe(many.stage.height + many.top - near.top)
  })
  it('goes by what the whole map allows where cells were smaller before', () => {
    expect(layout(600, 5, false, false, 10)).toEqual(layout(600, 5))
  })
})
