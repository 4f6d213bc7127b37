import { computed, shallowRef, watch } from 'vue'
import type { AxisLabel } from '#common/figure/token-labels.ts'
import { labelWidths, mapLayout } from './map-layout.ts'
import type { Palette } from './map-palette.ts'
import { columnLeft, mapHeight, mapWidth } from './map-scene.ts'
import { clamped, fitted, panned, revealing, zoomed } from './viewport.ts'
import type { Viewport } from './viewport.ts'

interface Cell {
  readonly query: number
  readonly key: number
}

/** What the part of a map on screen depends on. */
export interface MapViewInput {
  /** One for each token. */
  labels(): readonly AxisLabel[]
  palette(): Palette | null
  mirrored(): boolean
  cursor(): Cell | null
}

/** Which part of a map is on screen, where, and how it moves. Points are CSS pixels from the map's corner. */
export function useMapView(input: MapViewInput, ratio: number) {
  const box = shallowRef({ width: 0, height: 0 })
  /** Null while the whole map is shown. */
  const view = shallowRef<Viewport | null>(null)

  const size = computed(() => input.labels().length)
  const widest = computed(() => labelWidths(input.labels(), input.palette()?.font ?? 'monospace'))
  const layout = computed(() => mapLayout(box.value, widest.value, size.value, ratio))
  const stage = computed(() => layout.value.stage)
  const current = computed(() => clamped(view.value ?? fitted(stage.value), stage.value))
  const placing = computed(() => ({
    view: current.value,
    stage: stage.value,
    mirrored: input.mirrored()
  }))
  const width = computed(() => mapWidth(placing.value))
  const height = computed(() => mapHeight(placing.value))
  watch(size, fit)

  function fit(): void {
    view.value = null
  }

  function cellAt(x: number, y: number): Cell | null {
    if (x < 0 || y < 0 || x >= width.value || y >= height.value) return null
    const across = input.mirrored() ? width.value - x : x
    const query = Math.floor(current.value.row + y / current.value.cell)
    const key = Math.floor(current.value.column + across / current.value.cell)
    return query < size.value && key < size.value ? { query, key } : null
  }

  /** Zooms about a point, else about the selected cell, else about the middle. */
  function zoomBy(factor: number, point?: { readonly x: number; readonly y: number }): void {
    const { x, y } = point ?? cellOnScreen() ?? { x: width.value / 2, y: height.value / 2 }
    const across = input.mirrored() ? width.value - x : x
    view.value = zoomed(current.value, stage.value, factor, across, y)
  }

  /** The middle of the selected cell, when it is on screen. */
  function cellOnScreen(): { x: number; y: number } | null {
    const cursor = input.cursor()
    if (!cursor) return null
    const x = columnLeft(placing.value, cursor.key) + current.value.cell / 2
    const y = (cursor.query - current.value.row + 0.5) * current.value.cell
    return x > 0 && x < width.value && y > 0 && y < height.value ? { x, y } : null
  }

  function panBy(dx: number, dy: number): void {
    view.value = panned(current.value, stage.value, input.mirrored() ? -dx : dx, dy)
  }

  /** Moves no further than needed to show a cell. */
  function reveal({ query, key }: Cell): void {
    if (zoomedIn.value) view.value = revealing(current.value, stage.value, query, key)
  }

  const zoomedIn = computed(() => current.value.cell > fitted(stage.value).cell * 1.001)
  return {
    box,
    size,
    layout,
    current,
    placing,
    width,
    height,
    zoomedIn,
    /** Cells are smaller than a pixel of the screen. */
    pooled: computed(() => current.value.cell * ratio < 1),
    fit,
    cellAt,
    zoomBy,
    panBy,
    reveal
  }
}
