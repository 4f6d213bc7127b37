import type { EChartsOption } from 'echarts'
import type { z } from 'zod'
import type { ShownToken } from '../model/token.ts'
import type { HeatMapScene } from './heat-map.ts'
import type { HeatMapLook } from './heat-map-pixels.ts'
import type { Look } from './look.ts'
import type { Mark } from './mark.ts'
import type { Plot } from './plot.ts'

/** Room for a figure, in CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
  /** Device pixels for each CSS pixel; cells are a whole number of them where little is lost. */
  readonly ratio: number
}

/**
 * A kind of figure: data and look in, panel out. The window, export and command line call the same function, so what
 * is saved is what was seen.
 */
export interface FigureKind<D> {
  readonly name: string
  readonly data: z.ZodType<D>
  /**
   * What colours, axes or bars stand for, for a caption, such as `Colour: attention weight`; empty where that says itself.
   * @param look whose scale and range are said, too
   */
  shows(data: D, look?: Pick<Look, 'scale' | 'range'>): string
  /** What another width does to it: its height follows, or its height stays. */
  readonly resizes: 'shape' | 'width'
  /** The room it takes where nothing else decides. */
  natural(data: D, look: Look): Size
  /** The height that goes with another width, where that is not the one of its shape; null where it is. */
  high?(data: D, look: Look, width: number): number | null
  /**
   * In less room parts of it would lie over one another; left out where it fits any.
   * @param page what it is drawn for: the width that is asked for, and the height that a page has
   */
  least?(data: D, look: Look, page?: Pick<Size, 'width' | 'height'>): Pick<Size, 'width' | 'height'>
  /** The least height that can be asked of one whose height stays; left out where that is of its rows, whatever is asked. */
  lowest?(data: D, look: Look): number
  panel(data: D, look: Look, size: Size): Panel
}

/** A kind of figure that is pixels and marks, never a chart. */
export interface MapFigureKind<D> extends FigureKind<D> {
  panel(data: D, look: Look, size: Size): MapPanel
}

/** A drawn figure: pixels of cells with marks over them, a chart, or several of these in a row. */
export type Panel = MapPanel | ChartPanel | RowPanel

/** What stays pixels, and what is drawn over it. */
export interface MapPanel extends Size {
  readonly kind: 'map'
  readonly paper: string
  readonly rasters: readonly Raster[]
  readonly marks: readonly Mark[]
  /** What those marks show that are `plotted`; left out for none. */
  readonly plots?: readonly Plot[]
}

/** What ECharts draws. */
export interface ChartPanel extends Size {
  readonly kind: 'chart'
  readonly option: EChartsOption
  /** How large it is shown of how it is drawn; left out for as it is. Its width and height are as it is shown. */
  readonly scale?: number
}

/** Panels beside each other, each with its corner at its place, and marks over them. */
export interface RowPanel extends Size {
  readonly kind: 'row'
  readonly paper: string
  readonly parts: readonly { readonly left: number; readonly top: number; readonly panel: Panel }[]
  readonly marks: readonly Mark[]
}

/** What is said of the cells of a map. */
export interface CellNames {
  /** What they all are of, such as `Head 3.1`; left out where there is no other map beside it. */
  readonly of?: string
  /** What their values are; left out where that goes without saying. */
  readonly value?: string
  readonly rows: SideNames
  readonly columns: SideNames
}

/** What is said of the rows of a map, or of its columns. */
export interface SideNames {
  /** What one stands for, such as a query. */
  readonly name: string
  /** What each number along it is called, from 0; left out where the numbers are all there is. */
  readonly labels?: readonly (ShownToken | { readonly label: string })[]
  /** Its numbers tell nothing that its labels do not. */
  readonly unnumbered?: boolean
  /** The numbers along it, so many of them a cell; those of the scene's tokens where it is left out. */
  readonly span?: { readonly from: number; readonly to: number; readonly each: number }
  /** The values of a scene lie from the last number to the first. */
  readonly reversed?: boolean
}

/** A rectangle of pixels, in CSS pixels from the panel's corner. */
export interface Raster {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** The colour of cells without a value. */
  readonly empty: string
  /** Null where a page says nothing of them. */
  readonly names: CellNames | null
  /** What `heatMap` makes the pixels of when it is drawn, for so many device pixels a CSS pixel. */
  readonly scene: HeatMapScene
  readonly colors: HeatMapLook
}
