import type { KeptDrawing } from '../drawing.ts'
import type { SharedBar } from '../one-bar.ts'
import { pixelsOfPoints } from '../units.ts'

/** A page of panels as a notebook draws it, in CSS pixels. */
export interface PlottedPage {
  readonly width: number
  readonly height: number
  /** Of labels, in points. */
  readonly points: number
  readonly hasSerifs: boolean
  readonly panels: readonly PlottedPanel[]
}

/** A panel where it stands on its page, with what stands above it. */
export interface PlottedPanel {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Empty where nothing does. */
  readonly heading: string
  /** A text says why it cannot be drawn. */
  readonly drawing: KeptDrawing | string
  /** Of a row that has one bar of colours. */
  readonly bar?: SharedBar
}

/** Lines along which a page is cut, so that each panel is whole pieces of it. */
interface PageGrid {
  /** In CSS pixels, from left to right. */
  readonly widths: readonly number[]
  /** From top to bottom. */
  readonly heights: readonly number[]
  /** The pieces of each panel: its first row and the one after its last, and its columns likewise. */
  readonly cells: readonly {
    readonly rows: readonly [from: number, end: number]
    readonly columns: readonly [from: number, end: number]
  }[]
}

/** The least height of a panel, in sizes of letters: matplotlib lays out no page on which axes have no room beside their letters. */
const leastHeight = 9

/** The pieces that the sides of its panels cut a page into, higher where a panel is lower than matplotlib needs. */
export function pageGrid({ width, height, points, panels }: PlottedPage): PageGrid {
  const across = cuts([0, width, ...panels.flatMap(({ left, width }) => [left, left + width])])
  const down = cuts([0, height, ...panels.flatMap(({ top, height }) => [top, top + height])])
  const heights = steps(down)
  const cells = panels.map(({ left, top, width, height }) => ({
    rows: [nearest(down, top), nearest(down, top + height)] as const,
    columns: [nearest(across, left), nearest(across, left + width)] as const
  }))
  for (const { rows } of cells) {
    const own = heights.slice(...rows).reduce((sum, row) => sum + row, 0)
    heights[rows[1] - 1]! += Math.max(0, leastHeight * pixelsOfPoints(points) - own)
  }
  return { widths: steps(across), heights, cells }
}

/** In order; of several less than half a pixel apart the first. */
function cuts(all: readonly number[]): number[] {
  return all
    .toSorted((a, b) => a - b)
    .reduce<number[]>((kept, at) => (at - (kept.at(-1) ?? -1) < 0.5 ? kept : [...kept, at]), [])
}

function steps(at: readonly number[]): number[] {
  return at.slice(1).map((end, i) => end - at[i]!)
}

function nearest(all: readonly number[], at: number): number {
  const away = all.map(own => Math.abs(own - at))
  return away.indexOf(Math.min(...away))
}
