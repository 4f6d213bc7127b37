import { expect, it } from 'vitest'
import { axisTex, type ChartAxis } from '#common/figure/tex/axis-tex.ts'

const place = { left: 0, top: 0, point: 0.75, scale: 1, maps: 0 }
const numbers = (own: ChartAxis): ChartAxis => ({ type: 'value', min: -1, max: 3, ...own })
/** Where along the other the axis x stands, and where along itself its ticks do. */
function standing(x: ChartAxis, y: ChartAxis) {
  const [line = ''] = axisTex('x', x, y, place).lines
  const places = [...line.matchAll(/\(rel axis cs:([-\d.]+),([-\d.]+)\)/g)]
  const [across] = new Set(places.map(([, , across]) => Number(across)))
  return { across, ticks: places.slice(2).map(([, along]) => Number(along)) }
}

it('an axis stands at the zero of the other where that is seen, and else at its beginning', () => {
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  const x = numbers({ interval: 1 })
  expect(standing(x, numbers({}))).toEqual({ across: 0.25, ticks })
  expect(standing(x, numbers({ min: 1 }))).toEqual({ across: 0, ticks })
  const atEdge = { ...x, axisLine: { onZero: false } }
  expect(standing(atEdge, numbers({}))).toEqual({ across: 0, ticks })
})

it('an axis that runs from its highest has its ticks where PGFPlots has its labels', () => {
  const x = numbers({ inverse: true, axisLabel: { customValues: [-1, 0] } })
  expect(standing(x, numbers({})).ticks).toEqual([1, 0.75])
  expect(axisTex('x', x, numbers({}), place).options).toContain('x dir=reverse')
})
