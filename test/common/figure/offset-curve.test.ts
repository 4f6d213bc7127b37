import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lightScreen } from '#common/figure/look.ts'
import { offsetCurve, type OffsetCurveData } from '#common/figure/offset-curve.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import { textWidth } from '#common/figure/text-width.ts'

const look = {
  ...lightScreen,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: false,
  pooling: 'mean'
} as const

const data: OffsetCurveData = {
  title: null,
  quantity: 'weight',
  values: [0.1, 0.2, 0.6, 0.1, NaN],
  uniform: [0.4, 0.3, 0.2, 0.1, 0.1],
  best: 2
}
const svg = (own: Partial<OffsetCurveData> = {}) => {
  const all = { ...data, ...own }
  return panelSvg(offsetCurve.panel(all, look, offsetCurve.natural(all, look)))
}

it('is this picture', async () => {
  await expect(svg()).toMatchFileSnapshot(join(import.meta.dirname, 'offset-curve.svg'))
})

it('marks the best offset, where there is one', () => {
  const marks = (document: string) => document.match(/<text[^>]*>\d+<\/text>/g)!.length
  expect(marks(svg()) - marks(svg({ best: null }))).toBe(1)
})

it('has a broken line for uniform attention, where that is known', () => {
  expect(svg()).toContain('stroke-dasharray')
  expect(svg({ uniform: null })).not.toContain('stroke-dasharray')
  expect(offsetCurve.shows(data)).toMatch(/; broken line: uniform attention$/)
  expect(offsetCurve.shows({ ...data, uniform: null })).not.toContain('uniform')
})

it('says of a difference that it is one, and what stands up', () => {
  const less = { ...data, quantity: 'difference' } as const
  expect(offsetCurve.shows(less)).toBe(
    'Up: difference of mean attention; across: tokens back; broken line: difference of uniform attention'
  )
  expect(svg(less)).toContain('>difference</text>')
  expect(svg()).toContain('>attention</text>')
})

it('cuts no number of its axis, however many letters that has', () => {
  const places = svg({ values: [-0.0123, 0.004], uniform: null }).matchAll(
    /text-anchor="end"[^>]*transform="translate\(([\d.]+) [^)]*\)"[^>]*>([^<]+)</g
  )
  const numbers = [...places].map(([, x, text]) => ({ x: Number(x), text: text! }))
  expect(numbers.map(({ text }) => text)).toContain('−0.01')
  for (const { x, text } of numbers)
    expect(x - textWidth(text, { font: look.sans, size: look.size })).toBeGreaterThan(0)
})
