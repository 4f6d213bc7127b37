import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { barChart, type BarChartData } from '#common/figure/bar-chart.ts'
import { lightScreen } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...lightScreen,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const

const data: BarChartData = {
  title: 'Parameters',
  bars: [
    { label: 'Embedding', value: 1, notes: ['1', '{b|x}'], color: 0 },
    { label: '<b>', value: 4, notes: ['4'], color: 3 }
  ]
}

function svg(own: Partial<BarChartData> = {}, width = 300): string {
  const all = { ...data, ...own }
  const size = { ...barChart.natural(all, look), width }
  // Charts are numbered; the first one of a process is as good as any.
  return panelSvg(barChart.panel(all, look, size))
}

/** How wide the bar of a colour is. */
function barWidth(document: string, color: string): number {
  const [, path] = new RegExp(`<path d="([^"]+)"[^>]*fill="${color}"`).exec(document)!
  const xs = [...path!.matchAll(/[ML]([\d.]+) /g)].map(([, x]) => Number(x))
  return Math.max(...xs) - Math.min(...xs)
}

describe('barChart', () => {
  it('says less where there is little room', () => {
    expect(svg({}, 300)).toContain('b x')
    const narrow = svg({}, 150)
    expect(narrow).not.toContain('b x')
    expect(narrow).toContain('Embedding')
  })

  it('is this picture', async () => {
    await expect(svg()).toMatchFileSnapshot(join(import.meta.dirname, 'bar-chart.svg'))
  })

  it('has what XML does not by its number', () => {
    const own = svg({ title: 'a\u0001\ufffe\ud800' }, 600)
    expect(own).toContain('>a⟨01⟩⟨FFFE⟩⟨D800⟩<')
  })

  it('cuts a title short that would not fit', () => {
    const title = 'a model of a very long name · parameters by category'
    expect(svg({ title }, 600)).toContain(`>${title}<`)
    expect(svg({ title }, 200)).toMatch(/>a model of a [^<]*…</)
  })

  it('has bars as long as their values, and as many rows as bars', () => {
    const document = svg({ title: null }, 400)
    const long = barWidth(document, look.series[3]!)
    expect(barWidth(document, look.series[0]!) / long).toBeCloseTo(1 / 4, 1)
    expect(barChart.natural({ ...data, title: null }, look).height).toBe(2 * 24 + 2)
  })

  it('says labels and notes as they are, also where they are markup', () => {
    const document = svg()
    for (const word of ['Embedding', '&lt;b&gt;', '1 ·  b x ']) expect(document).toContain(word)
  })
})
