import { computed, shallowRef, watch } from 'vue'
import { mapScene, type MapScene, type PlacedMap } from '#common/figure/attention-map.ts'
import type { Look } from '#common/figure/look.ts'
import {
  clamped,
  columnLeft,
  fitted,
  mapHeight,
  mapWidth,
  panned,
  revealing,
  zoomed
} from '#common/figure/viewport.ts'
import type { Viewport } from '#common/figure/viewport.ts'
import type { Cell } from '#common/model/subject.ts'

/** What the part of a map on screen depends on. */
export interface MapViewInput {
  data(): Omit<PlacedMap, 'view' | 'part' | 'profiles'>
  look(): Look
  cursor(): Cell | null
  /** Whether rows and columns have their profiles beside the map. */
  profiled(): boolean
}

interface Point {
  readonly x: number
  readonly y: number
}

const profiled = { queries: [], keys: [] }

/** Which part of a map is on screen, where, and how it moves. Points are CSS pixels from the map's corner. */
export function useMapView(input: MapViewInput, ratio: number) {
  const box = shallowRef({ width: 0, height: 0 })
  /** Null while the whole map is shown. */
  const view = shallowRef<Viewport | null>(null)

  const size = computed(() => ({ ...box.value, ratio }))
  const tokens = computed(() => input.data().tokens.length)
  const scene = computed(() => sceneOf(view.value))
  const stage = computed(() => scene.value.stage)
  const current = computed(() => scene.value.view)
  const width = computed(() => mapWidth(scene.value))
  const height = computed(() => mapHeight(scene.value))
  watch(tokens, fit)

  function sceneOf(view: Viewport | null): MapScene {
    const profiles = input.profiled() ? profiled : null
    return mapScene({ ...input.data(), view, profiles }, input.look(), size.value)
  }

  function fit(): void {
    view.value = null
  }

  function cellAt(x: number, y: number): Cell | null {
    if (x < 0 || y < 0 || x >= width.value || y >= height.value) return null
    const { row, column } = placeOf({ x, y }, scene.value)
    const query = Math.floor(row)
    const key = Math.floor(column)
    return query < tokens.value && key < tokens.value ? { query, key } : null
  }

  /** Zooms about a point, else about the selected cell, which stay where they are on the screen; else the middle stays the middle. */
  function zoomBy(factor: number, point?: Point): void {
    const kept = point ?? cellOnScreen()
    const before = placeOf(kept ?? middleOf(scene.value), scene.value)
    const { cell } = zoomed(current.value, stage.value, factor, 0, 0)
    const next = sceneOf({ ...current.value, cell })
    // Where labels lie down the map begins higher; it is as wide as there is room, and mirrored ones begin at its right edge.
    const to = kept && { x: kept.x, y: kept.y + scene.value.top - next.top }
    const after = placeOf(to ?? middleOf(next), next)
    const { row, column } = next.view
    view.value = clamped(
      { cell, row: row + before.row - after.row, column: column + before.column - after.column },
      next.stage
    )
  }

  /** The middle of the selected cell, when it is on screen. */
  function cellOnScreen(): Point | null {
    const cursor = input.cursor()
    if (!cursor) return null
    const x = columnLeft(scene.value, cursor.key) + current.value.cell / 2
    const y = (cursor.query - current.value.row + 0.5) * current.value.cell
    return x > 0 && x < width.value && y > 0 && y < height.value ? { x, y } : null
  }

  function panBy(dx: number, dy: number): void {
    view.value = panned(current.value, stage.value, scene.value.mirrored ? -dx : dx, dy)
  }

  /** Moves no further than needed to show a cell. */
  function reveal({ query, key }: Cell): void {
    if (zoomedIn.value) view.value = revealing(current.value, stage.value, query, key)
  }

  const zoomedIn = computed(() => current.value.cell > fitted(stage.value).cell * 1.001)
  return {
    box,
    size,
    scene,
    width,
    height,
    zoomedIn,
    /** What is shown; null for all of it. */
    shown: computed(() => (view.value === null ? null : clamped(view.value, stage.value))),
    /** Cells are smaller than a pixel of the screen. */
    pooled: computed(() => current.value.cell * ratio < 1),
    fit,
    cellAt,
    zoomBy,
    panBy,
    reveal
  }
}

/** What lies at a point, in cells. */
function placeOf({ x, y }: Point, scene: MapScene): { row: number; column: number } {
  const { row, column, cell } = scene.view
  const across = scene.mirrored ? mapWidth(scene) - x : x
  return { row: row + y / cell, column: column + across / cell }
}

function middleOf(scene: MapScene): Point {
  return { x: mapWidth(scene) / 2, y: mapHeight(scene) / 2 }
}
