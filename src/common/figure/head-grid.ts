import { z } from 'zod'
import { hidesKeys, Visibility } from '../model/visibility.ts'
import { mostHeads, mostHeadsOfLayer } from './data-limits.ts'
import { barMarks, roomBelow, withWholeBar } from './bar-below.ts'
import { barGap, barHeight, barRoom, colorsShown, rangeRoom, type BarPlace } from './color-bar.ts'
import { colorTable } from './color-table.ts'
import type { MapFigureKind, MapPanel, Raster, Size } from './figure-kind.ts'
import { greyKeys } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { fitted, mapWidth, type Stage } from './viewport.ts'

/** Patterns of all heads of some layers, each a small map. */
export const HeadGridData = z
  .object({
    title: z.string().nullable(),
    /** What the colours stand for. */
    name: z.string(),
    /** Numbers of the layers, a row each. */
    layers: z.array(z.int().min(0)).readonly(),
    /** Of each layer. */
    heads: z.int().min(1).max(mostHeadsOfLayer),
    /** Of the text. */
    tokens: z.int().min(1),
    /** Cells along each side of a map: each stands for one token or for several. */
    cells: z.int().min(1),
    /** [layer, head, query, key], pooled to `cells` along the last two */
    maps: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
    /** What queries of each layer see; null where that is not known. */
    visibility: z.array(Visibility.nullable()).readonly(),
    /** The first key is left out. */
    firstHidden: z.boolean(),
    /** Keys run from right to left. */
    mirrored: z.boolean()
  })
  .refine(
    ({ layers, heads, cells, maps, visibility }) =>
      layers.length * heads <= mostHeads &&
      maps.length === layers.length * heads * cells * cells &&
      visibility.length === layers.length,
    'expected a map of each head'
  )
export type HeadGridData = z.output<typeof HeadGridData>

const leastLeft = 34
const numbersRoom = 22
const bottom = 22
const gap = 4
const side = { least: 12, usual: 64, most: 220 }
const leastBar = 70

/** Layers from top to bottom, heads from left to right: what each head attends to, at a glance. */
export const headGrid: MapFigureKind<HeadGridData> = {
  name: 'head-grid',
  data: HeadGridData,
  shows: ({ name, visibility, tokens }, look) => {
    const isMasked = visibility.some(own => own !== null && hidesKeys(own, tokens))
    return [colorsShown(name, look), ...(isMasked ? [greyKeys] : [])].join('; ')
  },
  resizes: 'shape',

  natural: (data, look) => ({ ...roomFor(data, look, side.usual), ratio: 1 }),

  panel(data, look, size): MapPanel {
    const { title, name, layers, heads } = data
    const placed = withWholeBar(look, name, look => layoutIn(data, look, size))
    const { left, top, side: own, bar } = placed
    const step = own + gap
    const words = { font: look.sans, size: look.size }
    const room = { left, width: size.width }
    const end = top + layers.length * step + gap
    const below = roomBelow(look, bar !== null, name, room)
    return {
      kind: 'map',
      ...size,
      ...(below > 0 && { height: Math.max(size.height, end + below) }),
      paper: look.paper,
      rasters: layers.flatMap((_, row) =>
        Array.from({ length: heads }, (_, head) =>
          rasterOf(data, look, size, { row, head, x: left + head * step, y: top + row * step, own })
        )
      ),
      marks: [
        ...titleMarks(title, look, { x: 8, y: 14, room: size.width - 16 }),
        textMark({
          ...words,
          ...{ text: 'layer', x: left - 6, y: top - 11, align: 'right', color: look.faint }
        }),
        ...layers.map((layer, row) =>
          textMark({
            ...words,
            ...{ text: String(layer), x: left - 6, y: top + row * step + own / 2 },
            ...{ align: 'right', color: look.ink }
          })
        ),
        ...Array.from({ length: heads }, (_, head) =>
          textMark({
            ...words,
            text: head === 0 && own > 40 ? 'head 0' : String(head),
            ...{ x: left + head * step + own / 2, y: top - 11, align: 'center', color: look.ink }
          })
        ),
        ...layers.flatMap((_, row) =>
          Array.from({ length: heads }, (_, head): Mark => ({
            kind: 'rect',
            ...{ x: left + head * step - 0.5, y: top + row * step - 0.5 },
            ...{ width: own + 1, height: own + 1, fill: null, line: look.line }
          }))
        ),
        ...barMarks(look, bar, look.colorMap, name, { ...room, top: end })
      ]
    }
  }
}

/** Where maps begin, how large each is, and where the bar stands beside them; null where none does. */
function layoutIn(data: HeadGridData, look: Look, size: Size) {
  const { name, layers, heads } = data
  const [left, top] = [leftOf(look), topOf(data)]
  const sideBeside = (size.width - left - barRoom(look)) / heads - gap
  // On a narrow page maps are larger with the bar below them.
  const isNarrow = look.still === true && sideBeside < side.usual
  const hasBar = look.bar === undefined && !isNarrow
  const room = hasBar ? sideBeside : (size.width - left) / heads - gap
  const own = Math.max(side.least, Math.min(side.most, room))
  const step = own + gap
  const rows = layers.length * step - gap - rangeRoom(look)
  const wanted = Math.min(220, look.still === true ? rows : Math.max(leastBar, rows))
  const bar: BarPlace = {
    ...{ x: left + heads * step - gap + barGap, y: top },
    height: barHeight(look, name, wanted, size.height - top - bottom)
  }
  return { left, top, side: own, bar: hasBar ? bar : null }
}

function rasterOf(
  { name, layers, maps, cells, heads, tokens, visibility, firstHidden, mirrored }: HeadGridData,
  look: Look,
  { ratio }: Size,
  { row, head, x, y, own }: Readonly<Record<'row' | 'head' | 'x' | 'y' | 'own', number>>
): Raster {
  const stage: Stage = { size: cells, width: own, height: own, ratio }
  // All of a square, whether its cells are whole pixels or not: frames stand alike.
  const view = { ...fitted(stage), cell: own / cells }
  const from = (row * heads + head) * cells * cells
  return {
    ...{ left: x, top: y, width: mapWidth({ view, stage }), height: mapWidth({ view, stage }) },
    empty: look.empty,
    names: {
      ...{ of: `Head ${layers[row]!}.${head}`, value: name },
      ...{ rows: { name: 'query' }, columns: { name: 'key' } }
    },
    scene: {
      values: maps.subarray(from, from + cells * cells),
      ...{ tokens, visibility: visibility[row] ?? null, firstHidden, pooling: look.pooling },
      ...{ view, stage, mirrored }
    },
    colors: {
      table: colorTable(look.colorMap, look.paper),
      scale: look.scale,
      range: look.range
    }
  }
}

/** Where maps begin, beside the numbers of layers and what these are. */
function leftOf({ sans, size }: Look): number {
  return Math.max(leastLeft, Math.ceil(textWidth('layer', { font: sans, size })) + 6)
}

function topOf({ title }: Pick<HeadGridData, 'title'>): number {
  return numbersRoom + (title === null ? 0 : titleRoom)
}

function roomFor(
  data: Pick<HeadGridData, 'title' | 'layers' | 'heads'>,
  look: Look,
  own: number
): Pick<Size, 'width' | 'height'> {
  const rows = data.layers.length * (own + gap)
  return {
    width: leftOf(look) + data.heads * (own + gap) + (look.bar === undefined ? barRoom(look) : 0),
    height: topOf(data) + Math.max(leastBar + 18, rows) + bottom
  }
}
