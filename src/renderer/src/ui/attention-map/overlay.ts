import type { Look } from '#common/figure/look.ts'
import type { MapScene } from '#common/figure/attention-map.ts'
import { axisNameRoom } from '#common/figure/map-layout.ts'
import { labelGap } from '#common/figure/token-axis.ts'
import { columnLeft, mapHeight, mapWidth } from '#common/figure/viewport.ts'
import { amongRuns, paintAmong, type Box } from '../figure/paint-among.ts'
import type { Cell, Hover } from '#common/model/subject.ts'

/** What is marked on a map. */
export interface Pointed {
  readonly cursor: Cell | null
  readonly hover: Hover | null
  /** A row that stays marked. */
  readonly pinned: number | null
  /** Tokens that are selected together. */
  readonly among?: ReadonlySet<number> | undefined
}

/** Draws bands beside the axes, and lines around what is selected and pointed at. */
export function paintPointed(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { cursor, hover, pinned, among }: Pointed,
  look: Look
): void {
  const { left, top } = scene
  const width = mapWidth(scene)
  const height = mapHeight(scene)
  context.save()
  context.beginPath()
  context.rect(0, 0, left + width + 1, top + height + 1)
  context.clip()
  if (among) paintAmong(context, labelBoxes(scene, among), look)
  if (hover) paintBands(context, scene, hover, look)
  context.beginPath()
  context.rect(left - 1, top - 1, width + 2, height + 2)
  context.clip()
  if (pinned !== null) paintLines(context, scene, { query: pinned, key: null }, look)
  if (cursor) outline(context, scene, cursor, look.accent, look)
  if (hover) {
    paintLines(context, scene, hover, look)
    if (hover.query !== null && hover.key !== null)
      outline(context, scene, { query: hover.query, key: hover.key }, look.ink, look)
  }
  context.restore()
}

/** Tints beside the labels of what is pointed at. */
function paintBands(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { query, key }: Hover,
  look: Look
): void {
  const { view, left, top } = scene
  const size = Math.max(1, view.cell)
  context.fillStyle = look.accent
  context.globalAlpha = 0.18
  if (query !== null) {
    const y = top + (query - view.row) * view.cell
    if (y > top - size) context.fillRect(0, Math.max(top, y), left - labelGap / 2, size)
  }
  if (key !== null) {
    const x = left + columnLeft(scene, key)
    if (x > left - size) context.fillRect(Math.max(left, x), 0, size, top - labelGap / 2)
  }
  context.globalAlpha = 1
}

/** Around the labels of queries and keys that are selected together, beside the names of their axes. */
export function labelBoxes(scene: MapScene, among: ReadonlySet<number>): Box[] {
  const { above, view, left, top } = scene
  const [right, bottom] = [left + mapWidth(scene), top + mapHeight(scene)]
  const names = above + axisNameRoom
  return amongRuns(among).flatMap(({ from, end }) => {
    const start = Math.max(top, top + (from - view.row) * view.cell)
    const below = Math.min(bottom, top + (end - view.row) * view.cell)
    const edges = [columnLeft(scene, from), columnLeft(scene, end - 1)].map(x => left + x)
    const first = Math.max(left, Math.min(...edges))
    const last = Math.min(right, Math.max(...edges) + view.cell)
    return [
      {
        x: axisNameRoom,
        y: start,
        width: left - labelGap / 2 - axisNameRoom,
        height: below - start
      },
      { x: first, y: names, width: last - first, height: top - labelGap / 2 - names }
    ].filter(({ width, height }) => width > 0 && height > 0)
  })
}

/** Lines along the edges of a row and a column: a tint would change the colours that are to be read. */
function paintLines(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { query, key }: Hover,
  look: Look
): void {
  const { view, left, top } = scene
  const size = Math.max(1, view.cell)
  const away = view.cell < 6 ? 2 : 0
  const across = Math.round(size + 2 * away) - 1
  context.strokeStyle = look.accent
  context.lineWidth = 1
  context.globalAlpha = 0.6
  if (query !== null) {
    const y = Math.round(top + (query - view.row) * view.cell - away) + 0.5
    context.strokeRect(left - 2, y, mapWidth(scene) + 4, across)
  }
  if (key !== null) {
    const x = Math.round(left + columnLeft(scene, key) - away) + 0.5
    context.strokeRect(x, top - 2, across, mapHeight(scene) + 4)
  }
  context.globalAlpha = 1
}

function outline(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { query, key }: Cell,
  color: string,
  { paper }: Look
): void {
  const { view, left, top } = scene
  // A cell of a pixel or two gets a ring around it instead of disappearing under its own outline.
  const margin = view.cell < 8 ? 4 : 0
  const x = left + columnLeft(scene, key) - margin
  const y = top + (query - view.row) * view.cell - margin
  const size = view.cell + 2 * margin
  // Its edge is of the paper's colour: seen on the near and the far end of every colour map.
  context.lineWidth = 4
  context.strokeStyle = paper
  context.strokeRect(x, y, size, size)
  context.lineWidth = 2
  context.strokeStyle = color
  context.strokeRect(x, y, size, size)
}
