import type { AxisLabel } from '#common/figure/token-labels.ts'
import type { Palette } from './map-palette.ts'
import { visibleCells } from './viewport.ts'
import type { Stage, Viewport } from './viewport.ts'

/** Where the cells of a map are on screen. */
export interface Placing {
  readonly view: Viewport
  readonly stage: Stage
  /** Keys run from right to left. */
  readonly mirrored: boolean
}

/** All that is drawn over a map. */
export interface Overlay extends Placing {
  /** Where the map begins, in CSS pixels. */
  readonly left: number
  readonly top: number
  readonly labels: readonly AxisLabel[]
  readonly palette: Palette
  readonly cursor: { query: number; key: number } | null
  readonly hover: { query: number | null; key: number | null } | null
  /** [query, key], to write into cells that have room. */
  readonly values: Float32Array
  readonly causal: boolean
  /** Whether light text reads on the colour of a value. */
  readonly lightOn: (value: number) => boolean
}

/** Left edge of a column, in CSS pixels from the map's own left edge. */
export function columnLeft({ view, stage, mirrored }: Placing, column: number): number {
  const x = (column - view.column) * view.cell
  return mirrored ? mapWidth({ view, stage }) - x - view.cell : x
}

/** Width of the map on screen, in CSS pixels. */
export function mapWidth({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'width') * view.cell
}

/** Height of the map on screen, in CSS pixels. */
export function mapHeight({ view, stage }: Omit<Placing, 'mirrored'>): number {
  return visibleCells(view, stage, 'height') * view.cell
}
