import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { axisTickText } from './axis-tick-text.ts'
import { chartTitle, chartTitleRoom } from './chart-title.ts'
import type { ChartPanel, FigureKind } from './figure-kind.ts'
import { quantities, type Quantity } from './heat-map-pixels.ts'
import { niceAxis, roundValues } from './nice-axis.ts'
import { textWidth } from './text-width.ts'

/** Mean attention by how far back it goes. */
export const OffsetCurveData = z.object({
  title: z.string().nullable(),
  quantity: z.enum(quantities).default('weight'),
  /** [offset], from the token itself on; NaN where nothing is that far. */
  values: z.array(z.number().or(z.nan())).readonly(),
  /** The same of uniform attention; null where it is not known. */
  uniform: z.array(z.number().or(z.nan())).readonly().nullable(),
  /** The offset with the most but 0; null where there is none. */
  best: z.int().nullable()
})
export type OffsetCurveData = z.output<typeof OffsetCurveData>

/** What stands up. */
export function curveName(quantity: Quantity): string {
  return quantity === 'difference' ? 'difference' : 'attention'
}

function lessWords(quantity: Quantity): string {
  return quantity === 'difference' ? 'difference of ' : ''
}

/** A line over the offsets, with uniform attention as a broken one and the best offset named. */
export const offsetCurve: FigureKind<OffsetCurveData> = {
  name: 'offset-curve',
  data: OffsetCurveData,
  shows({ quantity, uniform }) {
    const of = lessWords(quantity)
    const broken = uniform === null ? '' : `; broken line: ${of}uniform attention`
    return `Up: ${of}mean attention; across: tokens back${broken}`
  },
  resizes: 'width',

  // A title says more than a chart beside numbers has room for.
  natural: ({ title }) => ({
    width: title === null ? 280 : 480,
    height: 132 + (title === null ? 0 : chartTitleRoom),
    ratio: 1
  }),

  lowest: (data, look) => offsetCurve.natural(data, look).height - 40,

  panel({ title, quantity, values, uniform, best }, look, size): ChartPanel {
    const words = { fontFamily: look.sans, fontSize: look.size, color: look.faint }
    const line = (
      name: string,
      of: readonly number[],
      color: string,
      type: 'solid' | number[]
    ) => ({
      type: 'line' as const,
      name,
      silent: true,
      showSymbol: false,
      // Of one window of one token a line would be nothing.
      ...(of.length === 1 && { showSymbol: true }),
      data: of.map((value, offset) => [offset, Number.isNaN(value) ? '-' : value]),
      lineStyle: { color, width: 1.5, type },
      itemStyle: { color }
    })
    const of = lessWords(quantity)
    const known = [...values, ...(uniform ?? [])].filter(value => !Number.isNaN(value))
    // Differences go below 0.
    const { low, high } = spanOf(known, { low: 0, high: 0 })
    const y = niceAxis(low, high, 3)
    const numbers = roundValues(y.min, y.max, y.step).map(axisTickText)
    const letters = { font: look.sans, size: look.size }
    const widest = Math.max(...numbers.map(text => textWidth(text, letters)))
    const nameGap = Math.ceil(widest) + 12
    const last = Math.max(1, values.length - 1)
    const offsets = roundValues(0, last, Math.max(1, niceAxis(0, last, 6).step))
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        grid: {
          ...{ left: nameGap + Math.ceil(1.4 * look.size), right: 10 },
          ...{ bottom: 34, outerBoundsMode: 'none' },
          top: 12 + (title === null ? 0 : chartTitleRoom)
        },
        xAxis: {
          type: 'value',
          ...{ min: 0, max: last },
          axisTick: { customValues: offsets },
          name: 'tokens back',
          nameLocation: 'middle',
          ...{ nameGap: 20, nameMoveOverlap: false },
          nameTextStyle: words,
          axisLabel: { ...words, customValues: offsets, hideOverlap: true },
          splitLine: { show: false },
          axisLine: { lineStyle: { color: look.line } }
        },
        yAxis: {
          type: 'value',
          ...{ min: y.min, max: y.max, interval: y.step },
          ...{ name: curveName(quantity), nameLocation: 'middle' },
          ...{ nameGap, nameMoveOverlap: false },
          nameTextStyle: words,
          axisLabel: words,
          splitLine: { lineStyle: { color: look.empty } }
        },
        series: [
          ...(uniform === null
            ? []
            : [line(`${of}uniform attention`, uniform, look.faint, [3, 3])]),
          {
            ...line(`${of}mean attention`, values, look.accent, 'solid'),
            ...(best !== null && {
              markPoint: {
                silent: true,
                symbol: 'circle',
                symbolSize: 7,
                itemStyle: { color: look.accent },
                label: {
                  ...{ show: true, position: 'right', distance: 4, formatter: String(best) },
                  ...{ ...words, color: look.ink }
                },
                data: [{ coord: [best, values[best]!] }]
              }
            })
          }
        ]
      }
    }
  }
}
