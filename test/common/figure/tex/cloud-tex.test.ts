import { describe, expect, it } from 'vitest'
import { drawnFigure } from '#common/figure/drawn-figure.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { pointScatter } from '#common/figure/point-scatter.ts'
import { plainWish } from '#common/figure/presets.ts'
import { figureTex } from '#common/figure/tex/figure-tex.ts'

const look: Look = {
  ...paperLook,
  ...({ colorMap: 'viridis', scale: 'linear', follows: false, pooling: 'maximum' } as const),
  range: { low: 0, high: 1 }
}

/** So many points on a spiral, in two colours. */
function cloud(count: number): string {
  const places = Float32Array.from({ length: 2 * count }, (_, i) => {
    const t = Math.floor(i / 2) / count
    return 0.45 * Math.sqrt(t) * Math.sin(2.4 * Math.floor(i / 2) + (i % 2) * (Math.PI / 2))
  })
  const data = {
    ...{ title: null, axes: { x: 'a', y: 'b' }, directions: [], labels: [], joined: false },
    ...{ places, colors: Uint8Array.from({ length: count }, (_, i) => i % 2) },
    colored: { by: 'class' as const, name: 'c', classes: ['one', 'two'] },
    part: { x: 0, y: 0, width: 1, height: 1 }
  }
  return figureTex(drawnFigure(pointScatter, data, look, plainWish), 'cloud', [])
}
const squares = (tex: string) => [...tex.matchAll(/^\\lamellacell .*$/gm)]

describe('a cloud of points in TeX', () => {
  it('is a plot while TeX has room for it', () => {
    expect(cloud(1000)).toContain('only marks')
    expect(squares(cloud(1000))).toHaveLength(0)
  })

  it('is squares, one a point, where there are more', () => {
    const tex = cloud(6000)
    expect(tex).not.toContain('only marks')
    expect(tex).toContain('% 6000 points as 6000 squares')
    expect(squares(tex)).toHaveLength(6000)
  })

  it('has points that hide one another once, and says so', () => {
    const tex = cloud(60_000)
    const [, drawn, near] = /% 60000 points as (\d+) squares.* within ([\d.]+) pixels/.exec(tex)!
    expect(squares(tex)).toHaveLength(Number(drawn))
    expect(Number(drawn)).toBeLessThanOrEqual(20_000)
    expect(Number(drawn)).toBeGreaterThan(10_000)
    expect(Number(near)).toBeLessThan(4)
  })
})
