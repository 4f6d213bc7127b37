import { z } from 'zod'
import { exactText, fixedText, numberText } from '../text/number-text.ts'
import { spanOf } from '../data/span-of.ts'
import { labelledCells } from './axis-labels.ts'
import { mostHeadsOfLayer } from './data-limits.ts'
import { barMarks, lyingBarWidth, roomBelow, withWholeBar } from './bar-below.ts'
import { barGap, barHeight, barRoom, colorsShown, type BarPlace } from './color-bar.ts'
import { colorTable, cssColor } from './color-table.ts'
import type { MapFigureKind, MapPanel, Size } from './figure-kind.ts'
import { quantities } from './heat-map-pixels.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { plotted, type Plot } from './plot.ts'
import { sansWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { positionInRange } from './value-scale.ts'

/** A number of each head of some layers. */
export const HeadMapData = z
  .object({
    title: z.string().nullable(),
    /** What the numbers are. */
    name: z.string(),
    quantity: z.enum(quantities),
    layers: z.array(z.int()).readonly(),
    /** Heads of a layer. */
    heads: z.int().min(1).max(mostHeadsOfLayer),
    /** [layer, head]; NaN where there is none. */
    values: z.array(z.number().or(z.nan())).readonly()
  })
  .refine(
    ({ layers, heads, values }) => values.length === layers.length * heads,
    'expected a number of each head'
  )
export type HeadMapData = z.output<typeof HeadMapData>

const numbersRoom = 22
const left = 40
const bottom = 28
const gap = 2
/** Of the colour bar: its name stands along it. */
const leastBar = 130
const mostBar = 320
/** Of a cell, in CSS pixels. */
const least = { width: 20, height: 18 }
/** How wide one is on paper: the numbers above cells that are narrower stand above some. */
const leastOnPage = 7
/** Beside the cells of a map whose bar is below them. */
const margin = 8
const most = { width: 104, height: 72 }
const usual = { width: 44, height: 30 }

/** Where the cells of a map stand, in CSS pixels: that of layer row and head at left + head · width, top + row · height. */
export interface HeadMapLayout {
  readonly left: number
  readonly top: number
  /** From a cell to the next. */
  readonly width: number
  readonly height: number
  readonly gap: number
  /** Where its bar stands beside it; null where none does. */
  readonly bar: BarPlace | null
  /** What one takes that lies below. */
  readonly below: number
}

/** Room of a width, and of a height or, where it is null, the one that goes with that. */
interface Room {
  readonly width: number
  readonly height: number | null
}

/** @param look of paper, where cells may be narrower than the screen has them, with the bar below them */
export function headMapLayout(
  data: Pick<HeadMapData, 'title' | 'layers' | 'heads' | 'name'>,
  size: Room,
  look: Look
): HeadMapLayout {
  return withWholeBar(look, data.name, look => layoutIn(data, size, look))
}

function layoutIn(
  data: Pick<HeadMapData, 'title' | 'layers' | 'heads' | 'name'>,
  size: Room,
  look: Look
): HeadMapLayout {
  const { layers, heads, name } = data
  const top = topOf(data)
  const beside = barRoom(look)
  const isNarrow = look.still === true && size.width - left - beside < heads * least.width
  const hasBar = look.bar === undefined && !isNarrow
  const across = size.width - left - (hasBar ? beside : margin)
  const within = (room: number, count: number, side: 'width' | 'height') =>
    Math.max(least[side], Math.min(most[side], Math.floor(room / count)))
  const width = isNarrow ? Math.max(leastOnPage, across / heads) : within(across, heads, 'width')
  const below = roomBelow(look, hasBar, name, { left, width: size.width })
  const end = hasBar ? bottom : below + margin
  const shaped = (layers.length * width * usual.height) / usual.width
  const down = size.height === null ? shaped : size.height - top - end
  const height = within(down, layers.length, 'height')
  const rows = layers.length * height - gap
  const wanted = Math.min(mostBar, look.still === true ? rows : Math.max(leastBar, rows))
  const bar = {
    ...{ x: left + heads * width - gap + barGap, y: top },
    height: barHeight(look, name, wanted, down)
  }
  return { ...{ left, top, width, height, gap, below }, bar: hasBar ? bar : null }
}

/** The least room in which all cells can be told apart. */
export function leastHeadMap(data: HeadMapData, look: Look): Pick<Size, 'width' | 'height'> {
  const own = roomFor(data, least, look)
  if (look.still !== true) return own
  const cells = left + data.heads * leastOnPage + margin
  const onPage = Math.ceil(Math.max(cells, lyingBarWidth(look) + 2 * margin))
  const rows = data.layers.length * least.height
  return { width: Math.min(own.width, onPage), height: topOf(data) + rows + margin }
}

/** The room that cells fill where they are as large as they get. */
export function mostHeadMap(data: HeadMapData, look: Look): Pick<Size, 'width' | 'height'> {
  return roomFor(data, most, look)
}

function roomFor(
  data: HeadMapData,
  cell: { readonly width: number; readonly height: number },
  look: Look
): Pick<Size, 'width' | 'height'> {
  const hasBar = look.bar === undefined
  const bar = hasBar ? barHeight(look, data.name, leastBar, mostBar) : 0
  return {
    width: left + data.heads * cell.width + (hasBar ? barRoom(look) : margin),
    height: topOf(data) + Math.max(bar, data.layers.length * cell.height) + bottom
  }
}

function topOf({ title }: Pick<HeadMapData, 'title'>): number {
  return numbersRoom + (title === null ? 0 : titleRoom)
}

/**
 * The numbers of all cells, written alike: to two digits each, or where these have no room to as many decimals as the largest has then;
 * null where one has no room at all, for numbers in some cells alone would pass for a choice.
 */
function textsOf(
  values: readonly number[],
  fits: (text: string) => boolean
): readonly string[] | null {
  const most = spanOf(values.map(Math.abs).filter(Number.isFinite), { low: 0, high: 0 }).high
  const decimals = numberText(most, 2).split('.')[1]?.length ?? 0
  const ways = [
    (value: number) => numberText(value, 2),
    // Of numbers as small as these, or 0 alone, no decimals tell anything.
    ...(most < 1e-3 ? [] : [(value: number) => decimalsText(value, decimals)])
  ]
  return ways.map(way => values.map(way)).find(texts => texts.every(fits)) ?? null
}

/** A number to so many decimals; one that is not 0 does not read as 0. */
function decimalsText(value: number, decimals: number): string {
  const near = rounded(value, decimals)
  return near === 0 && value !== 0 ? '~0' : fixedText(near, decimals)
}

/** To so many decimals; 0 has no sign. */
function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals)) + 0
}

/** Layers from top to bottom, heads from left to right, each cell in the colour of its number. */
export const headMap: MapFigureKind<HeadMapData> = {
  name: 'head-map',
  data: HeadMapData,
  shows: ({ name }, look) => colorsShown(name, look),
  resizes: 'shape',

  natural: (data, look) => ({ ...roomFor(data, usual, look), ratio: 1 }),

  // The bar and what stands around cells stay as large as they are in any width.
  high(data, look, width) {
    const { top, height, bar, below } = headMapLayout(data, { width, height: null }, look)
    return top + data.layers.length * height + (bar === null ? margin + below : bottom)
  },

  least: leastHeadMap,

  panel(data, look, size): MapPanel {
    const { title, name, quantity, layers, heads, values } = data
    const place = headMapLayout(data, size, look)
    const { top, width, height } = place
    const words = { font: look.sans, size: look.size }
    const coloring = quantity === 'difference' ? 'difference' : look.colorMap
    const table = colorTable(coloring, look.paper)
    const room = height < 20 ? 0 : width - gap
    const texts = textsOf(values, text => sansWidth(text, look.size) <= room)
    const cells = layers.flatMap((layer, row) =>
      Array.from({ length: heads }, (_, head): Mark[] => {
        const value = values[row * heads + head]!
        const x = place.left + head * width
        const y = top + row * height
        const fill = Number.isNaN(value)
          ? look.empty
          : cssColor(coloring, positionInRange(look.scale, look.range, value), look.paper)
        const text = texts?.[row * heads + head]
        const tip = `Head ${layer}.${head}\n${name}: ${Number.isNaN(value) ? 'no value' : exactText(value, 'float32')}`
        return [
          {
            kind: 'rect',
            x,
            y,
            width: width - gap,
            height: height - gap,
            fill,
            line: null,
            tip,
            plotted: true
          },
          ...(text !== undefined
            ? [
                textMark({
                  ...words,
                  text,
                  x: x + (width - gap) / 2,
                  y: y + (height - gap) / 2,
                  align: 'center',
                  color: Number.isNaN(value) ? look.faint : inkOn(value, table, look)
                })
              ]
            : [])
        ]
      }).flat()
    )
    const layerText = (row: number) => String(layers[row])
    const apart = sansWidth(String(heads - 1), look.size) + 4
    const named = labelledCells(0, heads - 1, width, apart)
    const headText = (head: number) => (head === 0 && width > 40 ? 'head 0' : String(head))
    const plot: Plot = {
      ...{ left: place.left - gap / 2, top: top - gap / 2 },
      ...{ width: heads * width, height: layers.length * height },
      words: { ...words, color: look.ink },
      x: {
        ...{ from: -0.5, to: heads - 0.5, isLog: false, away: 11 - gap / 2, behind: true },
        ...{ tickLength: 0, line: null, grid: null, name: null },
        ticks: named.map(at => ({ at, text: headText(at) }))
      },
      y: {
        ...{ from: layers.length - 0.5, to: -0.5, isLog: false, away: 8 - gap / 2 },
        ...{ tickLength: 0, line: null, grid: null, name: null },
        ticks: layers.map((_, at) => ({ at, text: layerText(at) }))
      },
      series: [],
      cells: {
        ...{ columns: heads, values, table, empty: look.empty },
        shares: values.map(value => positionInRange(look.scale, look.range, value)),
        edge: { color: look.paper, width: gap }
      }
    }
    // PGFPlots does not know how large cells are where there are none beside or below them.
    const isPlotted = heads > 1 && layers.length > 1
    const end = top + layers.length * height
    const below = { left: place.left, width: size.width, top: end + margin }
    const numbers = [
      textMark({
        ...words,
        text: 'layer',
        x: place.left - 8,
        y: top - 11,
        align: 'right',
        color: look.faint
      }),
      ...plotted([
        ...layers.map((_, row) =>
          textMark({
            ...words,
            text: layerText(row),
            x: place.left - 8,
            y: top + row * height + (height - gap) / 2,
            align: 'right',
            color: look.ink
          })
        ),
        ...named.map(head =>
          textMark({
            ...words,
            text: headText(head),
            x: place.left + head * width + (width - gap) / 2,
            y: top - 11,
            align: 'center',
            color: look.ink
          })
        )
      ])
    ]
    return {
      kind: 'map',
      ...size,
      height: Math.max(size.height, end + margin + place.below),
      paper: look.paper,
      rasters: [],
      ...(isPlotted && { plots: [plot] }),
      marks: [
        ...titleMarks(title, look, { x: 8, y: 14, room: size.width - 16 }),
        ...numbers,
        ...cells,
        ...barMarks(look, place.bar, coloring, name, below)
      ]
    }
  }
}
