import { exactCount } from '../text/number-text.ts'
import type { ChartPanel, MapPanel, Panel } from './figure-kind.ts'
import type { Mark } from './mark.ts'

/**
 * The most that a figure is drawn of, whatever its kind: more than any view gives it, and little enough that all that is
 * written, measured and laid out of it takes a moment and not minutes.
 */
const most = {
  /** Of one text, in UTF-16 units. */
  letters: 10_000,
  /** Of one list; numbers that are kept as such, and not each by itself, are limited by the bytes of what is kept. */
  entries: 50_000,
  /** Of the list `cells` of a grid, which has one of each token and layer. */
  cells: 200_000,
  /** Squares and spans of larger ones are beyond what a number can be; none of a model's is near it. */
  magnitude: 1e100,
  /** Of all lists and records together, of all panels of a figure. */
  values: 2_000_000,
  /**
   * What all panels of a figure are drawn of: the largest view makes 200,000, a lens over 96 layers and 1,024 tokens. As many
   * are written in three seconds and, with what collects garbage late, 700 MB; it grows with their number alone.
   */
  marks: 250_000
} as const

/** More than any model has. */
export const mostLayers = 4096
export const mostHeadsOfLayer = 1024
export const mostHeads = 16_384
/** Models that are compared. */
export const mostSides = 64

/** What has been taken of what all panels of a figure may have together. */
export interface Taken {
  values: number
}

/**
 * Why data of a stranger's file are more than a figure is drawn of, in words; null where they are not.
 * @param taken by the panels before; they are counted there
 */
export function beyondLimits(data: unknown, taken: Taken = { values: 0 }): string | null {
  // Without recursion: data may be nested as deep as their file wants.
  const open: (readonly [name: string, value: unknown])[] = [['', data]]
  while (open.length > 0) {
    const [name, value] = open.pop()!
    const fault = faultOf(name, value)
    if (fault !== null) return fault
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue
    const own = Object.entries(value)
    taken.values += own.length
    if (taken.values > most.values) return `over ${exactCount(most.values)} values`
    for (const part of own) open.push(part)
  }
  return null
}

function faultOf(name: string, value: unknown): string | null {
  const { letters, magnitude } = most
  const entries = name === 'cells' ? most.cells : most.entries
  if (typeof value === 'string' && value.length > letters)
    return `a text of ${exactCount(value.length)} letters, over ${exactCount(letters)}`
  if (Array.isArray(value) && value.length > entries)
    return `a list of ${exactCount(value.length)}, over ${exactCount(entries)}`
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) > magnitude)
    return `a number over ${magnitude}`
  if (value instanceof Float64Array)
    for (const own of value)
      if (Number.isFinite(own) && Math.abs(own) > magnitude) return `a number over ${magnitude}`
  return null
}

/** Why what panels take together is more than a figure may have, in words; null where it is not. */
export function beyondMarks(marks: number): string | null {
  return marks > most.marks ? `over ${exactCount(most.marks)} marks` : null
}

/** How long it takes to write a panel, in marks of a map that take as long. */
export function marksOf(panel: Panel): number {
  if (panel.kind === 'chart') return marksOfChart(panel)
  const marks = panel.marks.reduce((sum, mark) => sum + marksOfMark(mark), 0)
  return panel.kind === 'map'
    ? marks + marksOfPixels(panel)
    : panel.parts.reduce((sum, part) => sum + marksOf(part.panel), marks)
}

function marksOfMark(mark: Mark): number {
  return mark.kind === 'line' ? 1 + mark.points.length / 8 : 1
}

/** All pixels of a panel are about as many, whatever they show; a picture of few of them is still a file. */
function marksOfPixels({ rasters }: MapPanel): number {
  return rasters.length === 0 ? 0 : 2000 + 12 * rasters.length
}

/** A symbol of a chart has states and a path of its own; points of one line, and those of one path, have not. */
function marksOfChart({ option }: ChartPanel): number {
  const graphics = [option.graphic ?? []].flat().length
  return [option.series ?? []].flat().reduce(
    (sum, series) => {
      const { type, data, large, markLine } = series as Pick<typeof series, 'type'> & {
        readonly data?: ArrayLike<unknown>
        readonly large?: boolean
        readonly markLine?: { readonly data?: ArrayLike<unknown> }
      }
      const each = type === 'line' || large === true ? 1 : 5
      return sum + (data?.length ?? 0) * each + 10 * (markLine?.data?.length ?? 0)
    },
    // Each is compared with all before it.
    graphics ** 2 / 5000
  )
}
