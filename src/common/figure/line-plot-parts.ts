import { tickText } from './color-bar.ts'
import type { LinePlotData, PlotSeries } from './line-plot-data.ts'
import type { Look } from './look.ts'

/** Where a plot's values stand, in CSS pixels. */
export interface LinePlotLayout {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly across: (value: number) => number
  readonly up: (value: number) => number
}

export interface LinePlotScales extends LinePlotLayout {
  readonly ticks: { readonly x: readonly number[]; readonly y: readonly number[] }
  readonly ends: { readonly x: Ends; readonly y: Ends }
}

/** The values where an axis begins and ends. */
export type Ends = readonly [from: number, to: number]

/** Whether a value has a place on an axis. */
export function hasPlace(
  value: number | undefined,
  { log }: Pick<LinePlotData['x'], 'log'>
): boolean {
  return value !== undefined && Number.isFinite(value) && (!log || value > 0)
}

/** What stands at a tick of an axis. */
export function tickWord(value: number, { start }: LinePlotData['x']): string {
  return value === start?.at ? start.text : tickText(value)
}

/** Of a dot. */
export const side = 4

/** Of many each is smaller: where they crowd is seen. */
export function dotSide(count: number): number {
  return Math.max(1.5, Math.min(side, (20 * side) / Math.sqrt(count)))
}

/** Many that are faint stay behind a few that are told apart. */
export function strokeOf(color: PlotSeries['color']) {
  return color === 'faint' ? { width: 1, opacity: 0.6 } : { width: 1.5, opacity: 1 }
}

/** The colour of a series in a look. */
export function lineColorOf(color: PlotSeries['color'], look: Look): string {
  if (typeof color === 'number') return look.heads[color % look.heads.length]!
  return { accent: look.accent, faint: look.faint, bar: look.series[1]! }[color]
}
