import { z } from 'zod'
import { mostLayers, mostSides } from './data-limits.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { plotted, type Plot } from './plot.ts'
import { monoWidth, sansWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'

/** How many heads of each layer of several models are of which kind. */
export const DepthKindsData = z
  .object({
    title: z.string().nullable(),
    /** What the kinds are called; the last is of what is of none. */
    kinds: z.array(z.string()).readonly(),
    sides: z
      .array(
        z.object({
          name: z.string(),
          /** [kind] of each layer, the first on top. */
          layers: z
            .array(z.object({ layer: z.int(), counts: z.array(z.int().min(0)).readonly() }))
            .max(mostLayers)
            .readonly()
        })
      )
      .max(mostSides)
      .readonly()
  })
  .refine(
    ({ kinds, sides }) =>
      sides.every(({ layers }) => layers.every(({ counts }) => counts.length === kinds.length)),
    'expected a count of each kind'
  )
export type DepthKindsData = z.output<typeof DepthKindsData>

const narrowest = 280
const rowHeight = 26
const barHeight = 18
/** Of models of many layers. */
const leastRow = 12
const nameRoom = 24
const numbersRoom = 44
const right = 12
const legendRow = 18
const legendTop = 12

/**
 * Bars of heads, a layer a bar, the first layer on top; models side by side, each as high as the other, so that layers that
 * are as deep stand at about one height.
 */
export const depthKinds: MapFigureKind<DepthKindsData> = {
  name: 'depth-kinds',
  data: DepthKindsData,
  shows: () => 'Bars: heads of each kind by layer',
  resizes: 'width',

  // As much room as its legend takes where it is narrow.
  natural: (data, look) => ({ ...sizeFor(data, look, narrowest), width: 640 }),

  least: () => ({ width: narrowest, height: 0 }),

  panel(data, look, size): MapPanel {
    const { title, kinds, sides } = data
    const top = nameRoom + (title === null ? 0 : titleRoom)
    const height = plotHeight(data)
    const width = size.width / sides.length
    const words = { font: look.sans, size: look.size }
    const hasWord = textWidth('layer 0', words) <= numbersRoom - 6
    const layerText = (layer: number, row: number) =>
      row === 0 && hasWord ? `layer ${layer}` : String(layer)
    const barsOf = (i: number) => ({
      left: i * width + numbersRoom,
      width: width - numbersRoom - right
    })
    const plots = sides.map(({ layers }, i): Plot => ({
      ...{ ...barsOf(i), top, height, words: { ...words, color: look.faint } },
      ...plottedRows(layers, kinds, height, look),
      y: {
        ...{ from: layers.length - 0.5, to: -0.5, isLog: false, away: 6, tickLength: 0 },
        ...{ line: null, grid: null, name: null },
        ticks: layers.map(({ layer }, at) => ({ at, text: layerText(layer, at) }))
      }
    }))
    const marks = sides.flatMap(({ name, layers }, i): Mark[] => {
      const bars = barsOf(i)
      const step = height / layers.length
      return [
        textMark({
          ...words,
          ...{ text: name, x: bars.left, y: top - 12, weight: 600, color: look.ink },
          room: bars.width
        }),
        ...layers.flatMap(({ layer, counts }, row) => {
          const y = top + row * step
          return [
            ...plotted([
              textMark({
                ...words,
                text: layerText(layer, row),
                ...{ x: bars.left - 6, y: y + step / 2, align: 'right', color: look.faint }
              })
            ]),
            ...segments(
              counts,
              kinds,
              { ...bars, y, height: step },
              look,
              `${name}\nlayer ${layer}`
            )
          ]
        })
      ]
    })
    return {
      ...{ kind: 'map', ...size, paper: look.paper },
      rasters: [],
      plots,
      marks: [
        ...titleMarks(title, look, { x: 8, y: 14, room: size.width - 16 }),
        ...marks,
        ...legend(kinds, look, { top: top + height + legendTop, width: size.width })
      ]
    }
  }
}

/** The room that it takes in a width: its legend flows over as many lines as it needs. */
function sizeFor(data: DepthKindsData, look: Look, width: number): Size {
  const top = nameRoom + (data.title === null ? 0 : titleRoom)
  const rows = (legendPlaces(data.kinds, look, width).at(-1)?.row ?? 0) + 1
  const height = top + plotHeight(data) + legendTop + rows * legendRow + 6
  return { width, height, ratio: 1 }
}

function plotHeight({ sides }: DepthKindsData): number {
  const most = Math.max(1, ...sides.map(({ layers }) => layers.length))
  return Math.max(Math.min(most * rowHeight, 12 * rowHeight), most * leastRow)
}

/** The colour of a kind; of none it is that of nothing. */
export function kindColor(kind: number, kinds: readonly string[], look: Look): string {
  return kind === kinds.length - 1 ? look.empty : look.heads[kind % look.heads.length]!
}

/** How thick a bar is of a row that is so high. */
function thickOf(row: number): number {
  return Math.min(barHeight, row - 2)
}

/** The counts of rows from 0, a kind a series, each at the end of the one before; shares where rows are of unlike sums. */
function plottedRows(
  layers: DepthKindsData['sides'][number]['layers'],
  kinds: readonly string[],
  height: number,
  look: Look
): Pick<Plot, 'x' | 'series'> {
  const sums = layers.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0))
  const isAlike = new Set(sums).size === 1
  return {
    x: {
      ...{ from: 0, to: (isAlike ? sums[0] : 0) || 1, isLog: false, ticks: [], away: 0 },
      ...{ tickLength: 0, line: null, grid: null, name: null }
    },
    series: kinds.map((name, kind) => ({
      ...{ name, shape: 'stacked', color: kindColor(kind, kinds, look) },
      x: layers.map(({ counts }, row) => counts[kind]! / (isAlike ? 1 : sums[row]! || 1)),
      y: layers.map((_, row) => row),
      ...{ size: thickOf(height / layers.length) - 1, edge: { color: look.paper, width: 1 } }
    }))
  }
}

function segments(
  counts: readonly number[],
  kinds: readonly string[],
  bar: {
    readonly left: number
    readonly width: number
    readonly y: number
    readonly height: number
  },
  look: Look,
  of: string
): Mark[] {
  const all = counts.reduce((sum, count) => sum + count, 0)
  const thick = thickOf(bar.height)
  const y = bar.y + (bar.height - thick) / 2
  let x = bar.left
  return counts.flatMap((count, kind): Mark[] => {
    if (count === 0) return []
    const width = (bar.width * count) / all
    const at = x
    x += width
    const text = String(count)
    const isNone = kind === kinds.length - 1
    const fits = thick >= look.size + 2 && monoWidth(text, look.size) + 4 <= width
    return [
      {
        kind: 'rect',
        ...{ x: at, y, width: Math.max(1, width - 1), height: thick },
        fill: kindColor(kind, kinds, look),
        line: null,
        tip: [`${of}\n${kinds[kind]!}: `, count],
        plotted: true as const
      },
      ...(fits
        ? [
            textMark({
              ...{ text, font: look.sans, size: look.size },
              ...{ x: at + width / 2, y: y + thick / 2, align: 'center' as const },
              color: isNone ? look.faint : look.paper
            })
          ]
        : [])
    ]
  })
}

/** Where each kind stands in the legend. */
function legendPlaces(
  kinds: readonly string[],
  look: Look,
  width: number
): { readonly x: number; readonly row: number }[] {
  let [x, row] = [numbersRoom, 0]
  return kinds.map(kind => {
    const wide = 14 + sansWidth(kind, look.size) + 14
    if (x + wide > width && x > numbersRoom) {
      x = numbersRoom
      row++
    }
    const place = { x, row }
    x += wide
    return place
  })
}

function legend(
  kinds: readonly string[],
  look: Look,
  { top, width }: { readonly top: number; readonly width: number }
): Mark[] {
  return legendPlaces(kinds, look, width).flatMap(({ x, row }, kind): Mark[] => {
    const y = top + row * legendRow + legendRow / 2
    return [
      {
        kind: 'rect',
        ...{ x, y: y - 5, width: 10, height: 10 },
        fill: kindColor(kind, kinds, look),
        line: kind === kinds.length - 1 ? look.line : null
      },
      textMark({
        ...{ text: kinds[kind]!, x: x + 15, y },
        ...{ font: look.sans, size: look.size, color: look.ink }
      })
    ]
  })
}
