import type { Pooling } from '../analysis/pool.ts'
import type { Visibility } from '../model/visibility.ts'
import { areaExtreme } from './area-extreme.ts'
import { areaMean } from './area-mean.ts'
import {
  heatMapPixels,
  keySpan,
  wholeColumns,
  type HeatMapLook,
  type Span
} from './heat-map-pixels.ts'
import { pooledLevels, type PooledLevels } from './pooled-levels.ts'
import { visibleCells } from './viewport.ts'
import type { Stage, Viewport } from './viewport.ts'

/** A pattern, and which part of it is drawn where. */
export interface HeatMapScene {
  /** [query, key], as many along each axis as the stage has cells */
  readonly values: Float32Array
  /** Along each axis; a cell stands for one, of a pooled pattern for several. */
  readonly tokens: number
  readonly visibility: Visibility | null
  /** The first key is left out. */
  readonly firstHidden: boolean
  /** What cells smaller than a pixel become together: the one furthest from zero, or their mean. */
  readonly pooling: Pooling
  readonly view: Viewport
  readonly stage: Stage
  /** Keys run from right to left. */
  readonly mirrored: boolean
}

/** What a map is drawn with. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** [row, column, rgba] */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** Cells from this many device pixels on have hard edges even where they are not whole pixels wide. */
const hardEdges = 6

/**
 * The visible part of a pattern at the resolution of what it is drawn on. Small cells are pooled to device pixels;
 * nothing is computed for cells that are not on screen.
 * @param ratio device pixels for each CSS pixel
 * @param levels of the scene's values and pooling, where they are kept for the next time
 */
export function heatMap(
  scene: HeatMapScene,
  look: HeatMapLook,
  ratio: number,
  levels: PooledLevels = pooledLevels(scene.values, scene.stage.size, scene.pooling)
): Pixels {
  const { view, stage } = scene
  const cell = view.cell * ratio
  const columns = visibleCells(view, stage, 'width')
  const rows = visibleCells(view, stage, 'height')
  const width = Math.max(1, Math.round(columns * cell))
  const height = Math.max(1, Math.round(rows * cell))
  const whole = cell >= 1 && Math.abs(cell - Math.round(cell)) < 1e-6
  const data =
    cell < hardEdges && !whole
      ? pooledPixels(scene, levels, look, { rows, columns, width, height })
      : sharpPixels(scene, look, { cell, width, height })
  return { width, height, data: scene.mirrored ? mirrored(data, width) : data }
}

/** Each pixel stands for the cells that it covers, or for cells of a level of which it covers some. */
function pooledPixels(
  scene: HeatMapScene,
  levels: PooledLevels,
  look: HeatMapLook,
  {
    rows,
    columns,
    width,
    height
  }: Readonly<Record<'rows' | 'columns' | 'width' | 'height', number>>
): Uint8ClampedArray<ArrayBuffer> {
  const { view, stage } = scene
  const pooled = scene.pooling === 'mean' ? areaMean : areaExtreme
  const perPixel = rows / height
  // Half a pixel at most, so that what is seen stays where it is.
  const level = 2 ** Math.max(0, Math.floor(Math.log2(perPixel / 2)))
  const window = {
    row: view.row / level,
    column: view.column / level,
    rows: rows / level,
    columns: columns / level
  }
  const cells = pooled(levels(level), Math.ceil(stage.size / level), window, height, width)
  return heatMapPixels(cells, height, width, look, row => {
    const from = view.row + row * perPixel
    return wholeColumns(visibleSpan(scene, from, from + perPixel), {
      first: view.column,
      cells: columns / width
    })
  })
}

/** Where the keys that some rows of cells see lie, in cells. */
function visibleSpan(
  { visibility, firstHidden, tokens, stage }: HeatMapScene,
  from: number,
  to: number
): Span {
  const each = tokens / stage.size
  const { start, end } = keySpan(visibility, from * each, to * each, tokens, firstHidden)
  return { start: start / each, end: end / each }
}

/** Each cell is a rectangle of pixels of one colour. */
function sharpPixels(
  scene: HeatMapScene,
  look: HeatMapLook,
  { cell, width, height }: Readonly<Record<'cell' | 'width' | 'height', number>>
): Uint8ClampedArray<ArrayBuffer> {
  const { values, view } = scene
  const { size } = scene.stage
  const row0 = Math.floor(view.row)
  const column0 = Math.floor(view.column)
  const cellRows = Math.min(size, Math.ceil(view.row + height / cell)) - row0
  const cellColumns = Math.min(size, Math.ceil(view.column + width / cell)) - column0
  const part = new Float32Array(cellRows * cellColumns)
  for (let row = 0; row < cellRows; row++) {
    const from = (row0 + row) * size + column0
    part.set(values.subarray(from, from + cellColumns), row * cellColumns)
  }
  const colors = heatMapPixels(part, cellRows, cellColumns, look, row =>
    wholeColumns(visibleSpan(scene, row0 + row, row0 + row + 1), { first: column0, cells: 1 })
  )
  const from = new Uint32Array(colors.buffer)
  const pixels = new Uint32Array(width * height)
  const edge = (index: number, start: number, most: number) =>
    Math.min(most, Math.max(0, Math.round((index - start) * cell)))
  for (let row = 0; row < cellRows; row++) {
    const top = edge(row0 + row, view.row, height)
    const bottom = edge(row0 + row + 1, view.row, height)
    if (top === bottom) continue
    const line = pixels.subarray(top * width, (top + 1) * width)
    for (let column = 0; column < cellColumns; column++)
      line.fill(
        from[row * cellColumns + column]!,
        edge(column0 + column, view.column, width),
        edge(column0 + column + 1, view.column, width)
      )
    for (let at = top + 1; at < bottom; at++) pixels.set(line, at * width)
  }
  return new Uint8ClampedArray(pixels.buffer)
}

function mirrored(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number
): Uint8ClampedArray<ArrayBuffer> {
  const lines = new Uint32Array(pixels.buffer)
  for (let at = 0; at < lines.length; at += width) lines.subarray(at, at + width).reverse()
  return pixels
}
