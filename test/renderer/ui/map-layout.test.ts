import { describe, expect, it } from 'vitest'
import { mapLayout } from '../../../src/renderer/src/ui/attention-map/map-layout.ts'

const labels = { label: 40, position: 24 }
const layout = (width: number, size = 20) => mapLayout({ width, height: 400 }, labels, size, 1)

describe('mapLayout', () => {
  it('leaves room for a colour bar beside the map', () => {
    const { left, stage, hasBar } = layout(600)
    expect(hasBar).toBe(true)
    expect(600 - left - stage.width).toBeGreaterThan(60)
  })
  it('gives all the width to the map in a narrow pane', () => {
    const { left, stage, hasBar } = layout(220)
    expect(hasBar).toBe(false)
    expect(stage.width).toBe(220 - left)
    expect(stage.width).toBeGreaterThan(120)
  })
  it('never lets the bar make a map tiny', () => {
    const layouts = Array.from({ length: 400 }, (_, i) => layout(200 + i))
    expect(Math.min(...layouts.map(({ stage }) => stage.width))).toBeGreaterThanOrEqual(100)
  })
})
