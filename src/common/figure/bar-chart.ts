import { z } from 'zod'
import { spanOf } from '../data/span-of.ts'
import { chartTitle } from './chart-title.ts'
import type { ChartPanel, FigureKind } from './figure-kind.ts'
import { sansWidth } from './text-width.ts'

/** Of a bar: how many of them there is room for is tried. */
const mostNotes = 16
/** More are no chart. */
const mostBars = 5000

/** Amounts side by side, each with a name. */
export const BarChartData = z.object({
  title: z.string().nullable(),
  /** What the bars count; left out where that was not kept. */
  name: z.string().exactOptional(),
  bars: z
    .array(
      z.object({
        label: z.string(),
        value: z.number(),
        /** What is to be said of it, the first parts also where there is little room. */
        notes: z.array(z.string()).max(mostNotes).readonly(),
        /** Which of the look's colours it has. */
        color: z.int().min(0)
      })
    )
    .max(mostBars)
    .readonly()
})
export type BarChartData = z.output<typeof BarChartData>

const rowHeight = 24
const titleRoom = 28
/** Share of the width that the longest bar has at least. */
const leastForBars = 0.3
const margin = 8

/** Bars that lie, the first on top, each with its note at its end. */
export const barChart: FigureKind<BarChartData> = {
  name: 'bar-chart',
  data: BarChartData,
  shows: ({ name }) => (name === undefined ? '' : `Bars: ${name}`),
  resizes: 'width',

  natural({ title, bars }) {
    const height = bars.length * rowHeight + (title === null ? 0 : titleRoom) + 2
    return { width: 560, height, ratio: 1 }
  },

  panel({ title, name, bars }, look, size): ChartPanel {
    const words = { fontFamily: look.sans, fontSize: look.size }
    const room = (texts: readonly string[]) =>
      Math.ceil(most(texts.map(text => sansWidth(text, look.size)))) + margin
    const left = room(bars.map(({ label }) => label)) + margin
    const parts = most(bars.map(({ notes }) => notes.length))
    const noted = (count: number) => bars.map(({ notes }) => notes.slice(0, count).join(' · '))
    const fits = (count: number) =>
      size.width - left - room(noted(count)) >= leastForBars * size.width
    const count = Array.from({ length: parts + 1 }, (_, i) => parts - i).find(fits) ?? 0
    const notes = noted(count)
    return {
      kind: 'chart',
      ...size,
      option: {
        animation: false,
        backgroundColor: look.paper,
        ...chartTitle(title, look, size.width),
        grid: {
          left,
          right: room(notes),
          top: title === null ? 0 : titleRoom,
          bottom: 0,
          outerBoundsMode: 'none'
        },
        // The longest is as long as there is room beside its note.
        xAxis: {
          ...{ type: 'value', show: false, min: 0 },
          // It is not drawn; a page says it of what is pointed at.
          ...(name !== undefined && { name }),
          max: most(bars.map(({ value }) => value)) || 1
        },
        yAxis: {
          type: 'category',
          inverse: true,
          data: bars.map(({ label }) => label),
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: {
            ...words,
            color: look.ink,
            margin: 0,
            align: 'left',
            padding: [0, 0, 0, margin - left]
          }
        },
        series: {
          type: 'bar',
          silent: true,
          barWidth: 10,
          barMinHeight: 2,
          data: bars.map(({ value, color }, i) => ({
            value,
            itemStyle: { color: look.series[color % look.series.length]!, borderRadius: 2 },
            label: {
              ...words,
              show: true,
              position: 'right',
              distance: 6,
              color: look.faint,
              formatter: notes[i]!.replaceAll(/[{}|]/g, ' ')
            }
          }))
        }
      }
    }
  }
}

/** The largest of some amounts; 0 where none is above it. */
function most(values: readonly number[]): number {
  return spanOf(values, { low: 0, high: 0 }).high
}
