import { join } from 'node:path'
import { expect, it } from 'vitest'
import { depthKinds, type DepthKindsData } from '#common/figure/depth-kinds.ts'
import { paperLook } from '#common/figure/look.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'

const look = {
  ...paperLook,
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  follows: true,
  pooling: 'mean'
} as const
const data: DepthKindsData = {
  title: 'kinds of heads by depth',
  kinds: ['previous token', 'induction', 'none of these'],
  sides: [
    {
      name: 'one',
      layers: [
        { layer: 0, counts: [3, 0, 1] },
        { layer: 1, counts: [0, 2, 2] }
      ]
    },
    {
      name: 'other',
      layers: [0, 1, 2, 3].map(layer => ({ layer, counts: [1, 1, 0] }))
    }
  ]
}
const panel = depthKinds.panel(data, look, depthKinds.natural(data, look))
const bars = panel.marks.flatMap(mark => (mark.kind === 'rect' ? [mark] : [])).slice(0, 12)

it('is this picture', async () => {
  const svg = panelSvg(panel)
  await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'depth-kinds.svg'))
})

it('has a bar as wide as the share of heads, in the colour of the kind', () => {
  const [three, one] = bars
  expect((three!.width + 1) / (one!.width + 1)).toBeCloseTo(3, 6)
  expect([three!.fill, one!.fill]).toEqual([look.heads[0], look.empty])
  expect(bars).toHaveLength(4 + 8)
})

it('has layers of one depth at one height, whatever the number of layers', () => {
  const middle = ({ y, height }: (typeof bars)[number]) => y + height / 2
  const own = [...new Set(bars.slice(0, 4).map(middle))]
  const other = [...new Set(bars.slice(4).map(middle))]
  expect(own).toHaveLength(2)
  expect(other).toHaveLength(4)
  expect((other[0]! + other[1]!) / 2).toBeCloseTo(own[0]!, 6)
  expect((other[2]! + other[3]!) / 2).toBeCloseTo(own[1]!, 6)
})

it('has room for its legend where it is narrow, too', () => {
  const narrow = { ...depthKinds.natural(data, look), width: 320 }
  const { marks } = depthKinds.panel(data, look, narrow)
  const named = marks.filter(mark => mark.kind === 'text' && data.kinds.includes(mark.text))
  const rows = named.map(mark => ('y' in mark ? mark.y : 0))
  expect(new Set(rows).size).toBe(2)
  expect(Math.max(...rows) + look.size).toBeLessThan(narrow.height)
})
