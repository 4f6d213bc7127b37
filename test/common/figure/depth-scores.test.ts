import { join } from 'node:path'
import type { EChartsOption } from 'echarts'
import { expect, it } from 'vitest'
import { depthScores, type DepthScoresData } from '#common/figure/depth-scores.ts'
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
const data: DepthScoresData = {
  title: 'previous token by depth',
  name: 'previous token',
  sides: [
    {
      name: 'one',
      baseline: 0.1,
      layers: [
        { layer: 0, depth: 0, values: [0.2, 0.6], mean: 0.4, max: 0.6 },
        { layer: 1, depth: 0.5, values: [0.1, 0.3], mean: 0.2, max: 0.3 },
        { layer: 2, depth: 1, values: [0, 0.1], mean: 0.05, max: 0.1 }
      ]
    },
    {
      name: 'other',
      baseline: null,
      layers: [{ layer: 0, depth: 0, values: [-0.1, 0.8, 0.2], mean: 0.3, max: 0.8 }]
    }
  ]
}
const panel = depthScores.panel(data, look, depthScores.natural(data, look))

it('is this picture', async () => {
  const svg = panelSvg(panel)
  await expect(svg).toMatchFileSnapshot(join(import.meta.dirname, 'depth-scores.svg'))
})

it('has a point a head at its depth, and a line each of the means and the highest', () => {
  if (panel.kind !== 'chart') throw new Error('no chart')
  const series = panel.option.series as { type: string; data: number[][] }[]
  expect(series.map(({ type }) => type)).toEqual([
    ...['scatter', 'line', 'line'],
    ...['scatter', 'line', 'line']
  ])
  expect(series[0]!.data).toEqual([
    [0, 0.2],
    [0, 0.6],
    [0.5, 0.1],
    [0.5, 0.3],
    [1, 0],
    [1, 0.1]
  ])
  expect(series[1]!.data).toEqual([
    [0, 0.4],
    [0.5, 0.2],
    [1, 0.05]
  ])
  expect(series[5]!.data).toEqual([[0, 0.8]])
  const { min, max } = (panel.option as EChartsOption & { yAxis: { min: number; max: number } })
    .yAxis
  expect(min).toBeLessThanOrEqual(-0.1)
  expect(max).toBeGreaterThanOrEqual(0.8)
})
