import { expect, it } from 'vitest'
import { panelSvg } from '#common/figure/panel-svg.ts'

/** More take more than twice as long where something counts all of them for each. */
const lines = 100_000

it('takes no longer for each mark of many than of few', () => {
  const start = process.cpuUsage()
  const svg = panelSvg({
    kind: 'map',
    ...{ width: 400, height: 300, ratio: 1, paper: '#ffffff', rasters: [] },
    marks: Array.from({ length: lines }, (_, i) => ({
      kind: 'line' as const,
      points: [[0, i % 300] as const, [400, (7 * i) % 300] as const],
      ...{ color: '#000000', width: 1, opacity: 0.5 }
    }))
  })
  const { user, system } = process.cpuUsage(start)
  expect(svg.match(/<polyline /g)).toHaveLength(lines)
  // About a second; by an option of the chart it takes half a minute.
  expect((user + system) / 1e6).toBeLessThan(12)
})
