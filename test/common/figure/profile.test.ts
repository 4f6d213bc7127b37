import { describe, expect, it } from 'vitest'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Mark, RectMark } from '#common/figure/mark.ts'
import { profileMarks, profileSteps } from '#common/figure/profile.ts'
import type { AxisScene } from '#common/figure/token-axis.ts'

const look: Look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'maximum'
}
const labels = ['a', 'b', 'c'].map(text => ({ text, faint: false, special: false }))
/** Three cells of 10 pixels, from (100, 50) on. */
const scene: AxisScene = {
  left: 100,
  top: 50,
  ...{ labels, keysStand: false },
  view: { cell: 10, row: 0, column: 0 },
  stage: { size: 3, width: 30, height: 30, ratio: 1 },
  mirrored: false
}
const map = {
  pattern: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 0.25),
  quantity: 'weight',
  visibility: { causal: true, reach: null },
  firstHidden: false,
  profiles: { queries: [1], keys: [1] }
} as const

const bars = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is RectMark => mark.kind === 'rect')
const texts = (marks: readonly Mark[]) =>
  marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))

describe('the profiles of a map', () => {
  it('stand below it and beside it, as high as their weights, at their cells', () => {
    const [first, second, ...columns] = bars(profileMarks(map, scene, look))
    // The strip is 36 high and keeps 6 away; its foot is at 50 + 30 + 6 + 36.
    expect(first).toMatchObject({ x: 100, y: 122 - 9, width: 9, height: 9 })
    expect(second).toMatchObject({ x: 110, y: 122 - 27, width: 9, height: 27 })
    expect(columns).toMatchObject([
      { x: 136, y: 60, width: 27, height: 9 },
      { x: 136, y: 70, width: 9, height: 9 }
    ])
  })

  it('say whose they are', () => {
    expect(texts(profileMarks(map, scene, look))).toEqual(['1 b', '1 b'])
    expect(profileMarks({ ...map, profiles: null }, scene, look)).toEqual([])
    const nothing = { queries: [], keys: [] }
    expect(profileMarks({ ...map, profiles: nothing }, scene, look)).toEqual([])
  })

  it('run from right to left where the keys do', () => {
    const [first, second] = bars(profileMarks(map, { ...scene, mirrored: true }, look))
    expect(first).toMatchObject({ x: 121, width: 9, height: 9 })
    expect(second).toMatchObject({ x: 111, width: 9, height: 27 })
  })

  it('leave out a first token that is hidden', () => {
    const hidden = { ...map, firstHidden: true, profiles: { queries: [2], keys: [] } }
    expect(bars(profileMarks(hidden, scene, look)).map(({ x }) => x)).toEqual([110, 120])
  })

  it('have differences above and below their middle', () => {
    const pattern = Float32Array.of(0, 0, 0, -0.5, 0.5, 0, 0, 0, 0)
    const own = { ...map, pattern, quantity: 'difference', profiles: { queries: [1], keys: [] } }
    const range = { low: -0.5, high: 0.5 }
    const [less, more] = bars(
      profileMarks({ ...own, quantity: 'difference' }, scene, { ...look, range })
    )
    expect(less).toMatchObject({ y: 122 - 18, height: 18 })
    expect(more).toMatchObject({ y: 122 - 36, height: 18 })
  })

  it('have another row as a line over the first', () => {
    const profiles = { queries: [1, 2], keys: [] }
    const lines = profileMarks({ ...map, profiles }, scene, look).flatMap(mark =>
      mark.kind === 'line' && mark.color === look.ink ? [mark.points] : []
    )
    expect(lines).toEqual([
      [
        [100, 122 - 18],
        [110, 122 - 18],
        [110, 122 - 9],
        [120, 122 - 9],
        [120, 122 - 9],
        [130, 122 - 9]
      ]
    ])
  })

  it('pool cells that share a pixel, as the map does', () => {
    const view = { cell: 0.5, row: 0, column: 0 }
    const small = { view, stage: { size: 5, width: 2.5, height: 2.5, ratio: 1 } }
    const values = [0.25, 0.75, 0.5, 0.25, 1]
    const steps = (pooling: Look['pooling']) =>
      profileSteps(at => values[at]!, 0, 2.5, small, { pooling }).map(({ value }) => value)
    expect(steps('maximum')).toEqual([0.75, 0.5, 1])
    expect(steps('mean')).toEqual([0.5, 0.375, 1])
  })

  it('have of a part that is zoomed in what is on the screen', () => {
    const part = { ...scene, view: { cell: 20, row: 0, column: 0.5 } }
    const stage = { ...scene.stage }
    const steps = profileSteps(at => at, 0.5, 30, { ...part, stage }, look)
    expect(steps).toEqual([
      { start: 0, end: 10, value: 0 },
      { start: 10, end: 30, value: 1 }
    ])
  })
})
