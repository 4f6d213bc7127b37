import { areaMean } from '#common/figure/area-mean.ts'
import { heatMapPixels } from '#common/figure/heat-map-pixels.ts'
import type { ValueRange, ValueScale } from '#common/figure/value-scale.ts'
import { visibleCells } from './viewport.ts'
import type { Stage, Viewport } from './viewport.ts'

export interface MapLook {
  readonly table: Uint8Array
  readonly scale: ValueScale
  readonly range: ValueRange
  /** Keys after the query hold no value. */
  readonly causal: boolean
}

/** Cells from this many device pixels on have hard edges even where they are not whole pixels wide. */
const hardEdges = 6

/**
 * Draws the visible part of a pattern at the canvas's origin. Small cells are averaged to device pixels;
 * nothing is computed for cells that are not on screen.
 * @param values [query, key]
 */
export function paintMap(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  view: Viewport,
  stage: Stage,
  look: MapLook
): void {
  const { size, ratio } = stage
  const columns = visibleCells(view, stage, 'width')
  const rows = visibleCells(view, stage, 'height')
  const width = Math.round(columns * view.cell * ratio)
  const height = Math.round(rows * view.cell * ratio)
  if (width < 1 || height < 1) return
  const device = view.cell * ratio
  const whole = device >= 1 && Math.abs(device - Math.round(device)) < 1e-6
  if (device < hardEdges && !whole) {
    const window = { row: view.row, column: view.column, rows, columns }
    const means = areaMean(values, size, window, height, width)
    const perPixel = 1 / (view.cell * ratio)
    const filled = (row: number) =>
      Math.round((view.row + (row + 1) * perPixel - view.column) / perPixel)
    const pixels = heatMapPixels(means, height, width, {
      ...look,
      ...(look.causal ? { filled } : {})
    })
    context.putImageData(new ImageData(pixels, width, height), 0, 0)
    return
  }
  const row0 = Math.floor(view.row)
  const column0 = Math.floor(view.column)
  const cellRows = Math.min(size - row0, Math.ceil(view.row + rows) - row0)
  const cellColumns = Math.min(size - column0, Math.ceil(view.column + columns) - column0)
  const cells = new Float32Array(cellRows * cellColumns)
  for (let row = 0; row < cellRows; row++) {
    const from = (row0 + row) * size + column0
    cells.set(values.subarray(from, from + cellColumns), row * cellColumns)
  }
  const filled = (row: number) => Math.max(0, row0 + row + 1 - column0)
  const pixels = heatMapPixels(cells, cellRows, cellColumns, {
    ...look,
    ...(look.causal ? { filled } : {})
  })
  const scratch = new OffscreenCanvas(cellColumns, cellRows)
  scratch.getContext('2d')!.putImageData(new ImageData(pixels, cellColumns, cellRows), 0, 0)
  const cell = view.cell * ratio
  context.imageSmoothingEnabled = false
  context.save()
  context.beginPath()
  context.rect(0, 0, width, height)
  context.clip()
  context.drawImage(
    scratch,
    Math.round((column0 - view.column) * cell),
    Math.round((row0 - view.row) * cell),
    Math.round(cellColumns * cell),
    Math.round(cellRows * cell)
  )
  context.restore()
}
