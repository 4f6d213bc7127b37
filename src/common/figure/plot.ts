import type { HeatMapLook } from './heat-map-pixels.ts'
import type { Mark } from './mark.ts'

/**
 * Values between axes, for files whose plots are drawn by another program: what those marks of a panel show that are
 * `plotted`. Places and lengths are CSS pixels, from the panel's corner.
 */
export interface Plot {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly x: PlotAxis
  readonly y: PlotAxis
  readonly words: PlotWords
  readonly series: readonly PlotSeries[]
  /** Under the series; left out for none. */
  readonly cells?: PlotCells
}

/** Cells by rows and columns, whose numbers from 0 are those of the axes: each lies around its own. */
export interface PlotCells {
  readonly columns: number
  /** [row, column]; NaN where there is none. */
  readonly values: ArrayLike<number>
  /** Where each lies among the colours, from 0 to 1. */
  readonly shares: ArrayLike<number>
  readonly table: HeatMapLook['table']
  /** The colour of what holds no value. */
  readonly empty: string
  /** What parts cells, so many pixels wide. */
  readonly edge: { readonly color: string; readonly width: number }
}

/** How names and numbers of axes are set. */
export interface PlotWords {
  readonly font: string
  readonly size: number
  readonly color: string
}

export interface PlotAxis {
  /** The values at the left or the foot, and at the other end: the smaller of them may be there. */
  readonly from: number
  readonly to: number
  readonly isLog: boolean
  readonly ticks: readonly PlotTick[]
  /** How far from the plot the middle of the numbers below it is, or the end of what is beside it. */
  readonly away: number
  /** What is beside it begins there. */
  readonly begins?: boolean
  /** Its numbers are at the other side: at the right, or above. */
  readonly behind?: boolean
  /** How long lines to the numbers are; 0 for none. */
  readonly tickLength: number
  /** The colour of its line; null for none. */
  readonly line: string | null
  /** Lines across the plot. */
  readonly grid: { readonly color: string; readonly opacity: number } | null
  /** Of its numbers; left out for those of the plot. */
  readonly words?: PlotWords
  /** How far from the plot its middle is; null where it has no name, or that stands elsewhere. */
  readonly name: { readonly text: string; readonly away: number; readonly room: number } | null
}

export interface PlotTick {
  readonly at: number
  readonly text: string
  /** Left out for that of the axis's words. */
  readonly color?: string
  readonly isBold?: boolean
}

/** Values of one colour. */
export interface PlotSeries {
  readonly name: string | null
  /**
   * Bars stand on 0, or at the foot of a logarithmic axis, their middle at x; rows lie, their middle at y, stacked ones each
   * at the end of that of the series before. Dashes are dots that are wide.
   */
  readonly shape: 'line' | 'dots' | 'dashes' | 'bars' | 'rows' | 'stacked' | 'areas'
  /** NaN where there is no value: lines and areas end there, and others begin. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly color: string
  /** How wide a line is drawn, how long the side of a dot or a dash is, how thick a bar. */
  readonly size: number
  /** How high a dash is. */
  readonly thick?: number
  /** How far bars are moved from their place. */
  readonly shift?: number
  readonly opacity?: number
  /** Within the line of areas. */
  readonly fill?: string
  /** What parts bars that are stacked, so many pixels wide. */
  readonly edge?: { readonly color: string; readonly width: number }
}

/** Marks that a plot shows, too: they are not drawn where that is. */
export function plotted(marks: readonly Mark[]): Mark[] {
  return marks.map(mark => ({ ...mark, plotted: true as const }))
}
