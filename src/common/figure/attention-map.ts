import { z } from 'zod'
import { ShownToken } from '../model/token.ts'
import { sees, Visibility } from '../model/visibility.ts'
import { numberText } from '../text/number-text.ts'
import { barMarks, roomBelow, withWholeBar } from './bar-below.ts'
import { barGap, barHeight, barRoom, colorsShown, rangeRoom, type BarPlace } from './color-bar.ts'
import { colorTable, coloringOf } from './color-table.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import { greyKeys, keySpan, quantities } from './heat-map-pixels.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import {
  axisNameRoom,
  endRoom,
  mapLayout,
  profileGap,
  profileSize,
  smallestBeside,
  type MapLayout,
  type MapNeeds
} from './map-layout.ts'
import { profileMarks } from './profile.ts'
import { pillWidth, textMark, type Mark, type TextMark } from './mark.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { keyAxis, queryAxis, type AxisScene } from './token-axis.ts'
import { monoWidth, textWidth } from './text-width.ts'
import { axisLabels } from './token-labels.ts'
import { clamped, columnLeft, fitted, mapHeight, mapWidth, partPlaced } from './viewport.ts'
import type { Placing, Viewport } from './viewport.ts'

const Positions = z.array(z.int().min(0)).readonly()
const Cells = z.number().min(0)
const Part = z.object({
  ...{ row: Cells, column: Cells, rows: Cells.positive(), columns: Cells.positive() },
  /** How large a cell is where nothing else decides, in CSS pixels. */
  cell: z.number().positive()
})

/** One head's attention pattern on one text. */
export const AttentionMapData = z
  .object({
    /** Null where what stands around it says what it is. */
    title: z.string().nullable(),
    /** [query, key] */
    pattern: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
    quantity: z.enum(quantities),
    /** What its values are called; null for attention weights. */
    unit: z.string().nullable().default(null),
    /** What rows and columns stand for; queries and the keys that they attend to where it is left out. */
    names: z.object({ rows: z.string(), columns: z.string() }).optional(),
    tokens: z.array(ShownToken).readonly(),
    /** Null where it is not known which keys a query sees. */
    visibility: Visibility.nullable(),
    /** The first key is left out, and rows are of what is left. */
    firstHidden: z.boolean().default(false),
    /** Keys run from right to left. */
    mirrored: z.boolean(),
    /** The part that is shown; null for all of it. */
    view: z.object({ cell: z.number(), row: z.number(), column: z.number() }).nullable(),
    /** The cells that are drawn, whatever room there is; left out for all of them, or those of `view`. */
    part: Part.optional(),
    /** Positions whose labels show even where others are thinned out. */
    marked: z.object({ queries: Positions, keys: Positions }),
    /** Rows and columns whose weights stand beside the map as bars; null where there is no room for them. */
    profiles: z.object({ queries: Positions, keys: Positions }).nullable().default(null)
  })
  .refine(
    ({ tokens, pattern }) => pattern.length === tokens.length ** 2,
    'expected a weight of each two tokens'
  )
export type AttentionMapData = z.output<typeof AttentionMapData>

const margin = 14
/** More than any page has, in CSS pixels. */
const tallest = 20_000
/** Cells from this size on have their values written in them. */
const cellWithNumber = 46

/** One head's attention pattern as a map, with its tokens on both axes and a colour bar. */
export const attentionMap: FigureKind<AttentionMapData> = {
  name: 'attention-map',
  data: AttentionMapData,
  shows: (data, look) => {
    const colors = colorsShown(quantityName(data), look)
    const sides = data.mirrored ? ['keys run from right to left'] : []
    return [colors, ...partWords(data), ...sides, ...maskWords(data), ...oneForOne(data)].join('; ')
  },
  resizes: 'shape',

  natural(data, look) {
    const { tokens, profiles, part } = data
    const side = Math.max(220, Math.min(560, 16 * tokens.length))
    const { cell = 0, rows = 1, columns = 1 } = part ?? {}
    // A narrower part has room for the bar beside it, too.
    const least = Math.max(smallestBeside, columns * cell)
    const [across, down] = part === undefined ? [side, side] : [least, rows * cell]
    const needs = needsOf(data, look)
    const profile = profiles === null ? 0 : profileGap + profileSize
    const column = cell || across / tokens.length
    const bar = look.bar === undefined ? barRoom(look) : endRoom(column, look.size)
    // Drawn narrower, its labels take more of its height: what is left of that is cut off there.
    const below = margin + (look.bar === undefined ? 0 : barRoom(look))
    // How far labels push the map depends on its size, which is what is asked for.
    const { left, top } = mapLayout({ width: 2 * across, height: 2 * down, ratio: 1 }, needs)
    const pushed = mapLayout(
      { width: left + across + profile + bar, height: top + down + profile + 2, ratio: 1 },
      needs,
      cell
    )
    return {
      width: Math.ceil(pushed.left + across + profile + bar),
      height: Math.ceil(pushed.top + down + profile + below),
      ratio: 1
    }
  },

  // Letters and the bar stay as large as they are in any width: what is left of it is the map's.
  high(data, look, width) {
    if (data.view !== null) return null
    const scene = mapScene(data, look, { width, height: tallest, ratio: 1 })
    const profile = data.profiles === null ? 0 : profileGap + profileSize
    return Math.ceil(scene.top + mapHeight(scene) + profile + scene.below + margin)
  },

  panel(data, look, size): MapPanel {
    const scene = mapScene(data, look, size)
    const { left, top } = scene
    const width = mapWidth(scene)
    const height = mapHeight(scene)
    const coloring = coloringOf(data.quantity, look)
    const table = colorTable(coloring, look.paper)
    const profile = data.profiles === null ? 0 : profileGap + profileSize
    const foot = top + height + profile
    const below = { left, width: size.width, top: foot + margin / 2 }
    return {
      kind: 'map',
      ...size,
      height: Math.max(size.height, scene.below === 0 ? 0 : foot + scene.below),
      paper: look.paper,
      rasters: [
        {
          left,
          top,
          width,
          height,
          empty: look.empty,
          names: {
            rows: { name: data.names?.rows ?? 'query', labels: data.tokens },
            columns: { name: data.names?.columns ?? 'key', labels: data.tokens }
          },
          scene: {
            values: data.pattern,
            tokens: data.tokens.length,
            visibility: data.visibility,
            firstHidden: data.firstHidden,
            pooling: look.pooling,
            view: scene.view,
            stage: scene.stage,
            mirrored: data.mirrored
          },
          colors: { table, scale: look.scale, range: look.range }
        }
      ],
      marks: [
        ...titleMarks(data.title, look, {
          x: margin,
          y: titleRoom - 10,
          room: size.width - 2 * margin
        }),
        ...axisNames(data, scene, look, size),
        ...numbers(data, scene, look),
        ...queryAxis(scene, look, data.marked.queries),
        ...keyAxis(scene, look, data.marked.keys),
        frame(scene, look),
        ...profileMarks(data, scene, look),
        ...barMarks(look, scene.bar, coloring, quantityName(data), below)
      ]
    }
  }
}

/** What the colours of a map stand for. */
export function quantityName({
  quantity,
  unit,
  firstHidden,
  names
}: Pick<AttentionMapData, 'quantity' | 'unit' | 'firstHidden' | 'names'>): string {
  const isDifference = quantity === 'difference'
  // What is of no attention may be of either sign by itself.
  if (unit !== null) return isDifference && names === undefined ? `difference of ${unit}` : unit
  if (firstHidden) return isDifference ? 'difference of renormalised' : 'renormalised weight'
  return isDifference ? 'difference of weights' : 'attention weight'
}

/** Where the parts of a map are. */
export interface MapScene extends AxisScene, MapLayout {
  readonly bar: BarPlace | null
}

/** What of a map tells where its parts are. */
export type PlacedMap = Pick<
  AttentionMapData,
  'title' | 'tokens' | 'mirrored' | 'view' | 'profiles'
> &
  Pick<AttentionMapData, 'quantity' | 'unit' | 'firstHidden' | 'names'> &
  Partial<Pick<AttentionMapData, 'marked' | 'part'>>

/** Where the parts of a map are in a room of some size. */
export function mapScene(data: PlacedMap, look: Look, size: Size): MapScene {
  return withWholeBar(look, quantityName(data), look => closeScene(data, look, size))
}

/** On a page labels have the room of those that show. */
function closeScene(data: PlacedMap, look: Look, size: Size): MapScene {
  const below = (left: number) => {
    const room = roomBelow(look, false, quantityName(data), { left, width: size.width })
    return room === 0 ? 0 : room + margin / 2
  }
  const needs = { ...needsOf(data, look), below }
  const scene = sceneOf(data, needs, size, look)
  if (look.still !== true) return scene
  const shown = shownLabels(data, scene, look)
  const close = sceneOf(data, { ...needs, shown }, size, look)
  // A map that is larger may show labels that are longer.
  const { rows, columns } = shownLabels(data, close, look)
  return rows <= shown.rows && columns <= shown.columns ? close : scene
}

/** How wide the widest label of rows is that shows, and of columns. */
function shownLabels({ marked }: PlacedMap, scene: MapScene, look: Look) {
  const widest = (labels: readonly TextMark[]) =>
    labels.reduce((most, { text, size, pill }) => {
      return Math.max(most, pill === null ? monoWidth(text, size) : pillWidth(text, size))
    }, look.size)
  return {
    rows: widest(queryAxis(scene, look, marked?.queries)),
    columns: widest(keyAxis(scene, look, marked?.keys))
  }
}

function sceneOf(data: PlacedMap, needs: MapNeeds, size: Size, look: Look): MapScene {
  const layout = layoutOf(data, needs, size)
  const { left, top, hasBar } = layout
  const { stage } = layout
  const whole = { view: clamped(data.view ?? fitted(stage), stage), stage }
  const shown = data.part === undefined ? whole : partPlaced(data.part, stage)
  const placing = { ...shown, mirrored: data.mirrored }
  const note = rangeRoom(look)
  const wanted = Math.min(220, Math.max(40, mapHeight(placing) - note))
  // One that is higher than the map begins beside the labels of keys.
  const first = layout.above + axisNameRoom
  const foot = (look.still === true ? top + mapHeight(placing) : size.height) - note
  const height = barHeight(look, quantityName(data), wanted, foot - first)
  const bar = {
    x: left + mapWidth(placing) + barGap + (data.profiles === null ? 0 : profileGap + profileSize),
    ...{ y: Math.max(first, Math.min(top, foot - height)), height }
  }
  return { ...layout, ...placing, labels: needs.labels, bar: hasBar ? bar : null }
}

function layoutOf({ part, view }: PlacedMap, needs: MapNeeds, size: Size): MapLayout {
  if (part === undefined) return mapLayout(size, needs, view?.cell)
  // As large as they are where labels of keys lie: where these do not fit then, they stand.
  const { stage } = mapLayout(size, needs, Infinity)
  return mapLayout(size, needs, partPlaced(part, stage).view.cell)
}

function needsOf(
  { title, tokens, profiles }: Pick<AttentionMapData, 'title' | 'tokens' | 'profiles'>,
  look: Look
): MapNeeds {
  return {
    labels: axisLabels(tokens),
    fontSize: look.size,
    hasTitle: title !== null,
    hasProfiles: profiles !== null,
    ...(look.bar !== undefined && { hasBar: false })
  }
}

function axisNames(
  { names }: AttentionMapData,
  scene: MapScene,
  { sans, size, faint, still }: Look,
  { width }: Pick<Size, 'width'>
): TextMark[] {
  const { above, left, top, mirrored } = scene
  const words = { font: sans, size, color: faint }
  const first = mirrored ? left + mapWidth(scene) : left
  const { rows, columns } = names ?? { rows: 'query', columns: 'key, attended to' }
  const along = mirrored ? `← ${columns}` : `${columns} →`
  const long = still === true ? Math.ceil(textWidth(along, words)) : 0
  return [
    // On a page as far to the side as it has to be to end within the figure.
    mirrored
      ? textMark({ ...words, text: along, x: Math.max(first, long), y: above + 8, align: 'right' })
      : textMark({
          ...words,
          ...{ text: along, y: above + 8 },
          x: long === 0 ? first : Math.max(0, Math.min(first, width - long))
        }),
    textMark({ ...words, text: `← ${rows}`, x: 8, y: top, align: 'right', upright: true })
  ]
}

/** The values themselves, where there is room in the cells. */
function numbers(data: AttentionMapData, scene: MapScene, look: Look): TextMark[] {
  const { view, stage, left, top } = scene
  if (view.cell < cellWithNumber) return []
  const table = colorTable(coloringOf(data.quantity, look), look.paper)
  const marks: TextMark[] = []
  const rows = shownCells(view.row, mapHeight(scene), view, stage.size)
  const columns = shownCells(view.column, mapWidth(scene), view, stage.size)
  for (const row of rows)
    for (const column of columns) {
      if (data.firstHidden && column === 0) continue
      if (data.visibility !== null && !sees(data.visibility, row, column)) continue
      const value = data.pattern[row * stage.size + column]!
      const x = left + columnLeft(scene, column) + view.cell / 2
      const y = top + (row - view.row + 0.5) * view.cell
      const text = numberText(value)
      const half = monoWidth(text, look.size - 1) / 2
      // Of a column at the edge there may be less to see than its number takes.
      if (x - half < left || x + half > left + mapWidth(scene)) continue
      const color = inkOn(value, table, look)
      const words = { font: look.mono, size: look.size - 1, weight: 500, color } as const
      marks.push(textMark({ ...words, text, x, y, align: 'center' }))
    }
  return marks
}

/** Cells along one side whose middle is shown. */
function shownCells(from: number, room: number, { cell }: Viewport, size: number): number[] {
  const first = Math.max(0, Math.ceil(from - 0.5))
  const last = Math.min(size - 1, Math.floor(from + room / cell - 0.5))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

function frame(
  scene: Placing & { readonly left: number; readonly top: number },
  { line }: Look
): Mark {
  return {
    kind: 'rect',
    x: scene.left - 0.5,
    y: scene.top - 0.5,
    width: mapWidth(scene) + 1,
    height: mapHeight(scene) + 1,
    fill: null,
    line
  }
}

/** The keys of a part's queries, in words; from the first to the last of which some is shown. */
function partWords({ part, tokens, names }: AttentionMapData): string[] {
  if (part === undefined) return []
  const from = (at: number, count: number) => `${Math.floor(at)} to ${lastOf(at, count)}`
  const [rows, columns] = names === undefined ? ['queries', 'keys'] : [names.rows, names.columns]
  return [
    `${rows} ${from(part.row, part.rows)} and ${columns} ${from(part.column, part.columns)} of ${tokens.length}`
  ]
}

/** The last cell along a side of which some is shown; of its edge alone none is. */
function lastOf(from: number, count: number): number {
  return Math.ceil(from + count - 1e-6) - 1
}

/** What the cells without a value are, where some are shown. */
function maskWords({ visibility, firstHidden, part, tokens, names }: AttentionMapData): string[] {
  const all = { row: 0, column: 0, rows: tokens.length, columns: tokens.length }
  const { row, column, rows, columns } = part ?? all
  const [last, end] = [lastOf(row, rows), column + columns - 1e-6]
  const first = Math.max(Math.floor(row), 0)
  // What is seen moves on with the query: where it begins is farthest on at the last, and where it ends least far at the first.
  const { start } = keySpan(visibility, last, last + 1, tokens.length)
  const seen = keySpan(visibility, first, first + 1, tokens.length)
  const isMasked = visibility !== null && (Math.floor(column) < start || end > seen.end)
  if (isMasked) return [names === undefined ? greyKeys : 'grey: what is not seen from there']
  return firstHidden && column < 1 ? ['grey: the first key'] : []
}

/** What the first of causal queries has in any head without a sink, which a range that follows the values leaves out. */
function oneForOne({
  part,
  view,
  quantity,
  unit,
  pattern,
  visibility,
  firstHidden
}: AttentionMapData): string[] {
  const isWeight = quantity === 'weight' && unit === null && pattern[0] === 1
  const { row, column } = part ?? view ?? { row: 0, column: 0 }
  const isShown = row < 1 && column < 1
  return isWeight && isShown && visibility?.causal === true && !firstHidden
    ? ['the first query, which sees one key alone, gives it all']
    : []
}
