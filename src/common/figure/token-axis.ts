import { isolated } from '../text/token-text.ts'
import type { Look } from './look.ts'
import { pillWidth, textMark, type TextMark } from './mark.ts'
import { columnLeft, fitted, mapHeight, mapWidth, type Placing } from './viewport.ts'
import { monoWidth } from './text-width.ts'
import { labelledCells, labelStep } from './axis-labels.ts'
import type { AxisLabel } from './token-labels.ts'

/** Where the cells of a map are, and what stands beside them. */
export interface AxisScene extends Placing {
  /** Where the map begins, in CSS pixels. */
  readonly left: number
  readonly top: number
  readonly labels: readonly AxisLabel[]
}

/** Room between an axis and its labels. */
export const labelGap = 6
const smallestCellWithOwnLabel = 8
const smallestCellWithPill = 14
/** From the foot of the letters to their middle. */
const middleOfLetters = 3

/**
 * Labels of the queries, beside the rows of a map; no more than there is room for.
 * @param marked positions whose labels show even where others are thinned out, the last one on top
 */
export function queryAxis(
  scene: AxisScene,
  look: Look,
  marked: readonly number[] = []
): TextMark[] {
  const { view, left, top } = scene
  const height = mapHeight(scene)
  const first = Math.floor(view.row)
  const last = Math.floor(view.row + height / view.cell)
  const part = { first, last, spacing: rowSpacing(scene, look), marked, room: Infinity }
  return axis(scene, look, part, cell => {
    const y = top + (cell - view.row + 0.5) * view.cell
    if (y < top || y > top + height) return null
    return { x: left - labelGap, y, align: 'right', upright: false }
  })
}

/** Labels of the keys, above the columns of a map; they stand where they would not fit lying. */
export function keyAxis(scene: AxisScene, look: Look, marked: readonly number[] = []): TextMark[] {
  const { view, left, top, labels } = scene
  const width = mapWidth(scene)
  const first = Math.floor(view.column)
  const last = Math.floor(view.column + width / view.cell)
  const size = fontSize(view.cell, look)
  const shown = labels.slice(Math.max(0, first), last + 1)
  const upright = shown.some(label => labelsStand(view.cell, labelWidth(label, size)))
  const spacing = upright
    ? rowSpacing(scene, look)
    : shown.reduce((max, label) => Math.max(max, labelWidth(label, size)), 0)
  const room = upright ? Infinity : view.cell
  return axis(scene, look, { first, last, spacing, marked, room }, cell => {
    const x = left + columnLeft(scene, cell) + view.cell / 2
    if (x < left || x > left + width) return null
    const y = upright ? top - labelGap : top - labelGap - middleOfLetters
    return { x, y, align: upright ? 'left' : 'center', upright }
  })
}

/** Size of the labels' letters, in CSS pixels: rows of characters stay readable a little below full size. */
export function fontSize(cell: number, { size }: Pick<Look, 'size'>): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(size, cell) : size
}

/** How wide a label comes out. */
export function labelWidth({ text, special }: AxisLabel, size: number): number {
  return special ? pillWidth(text, size) : monoWidth(text, size)
}

/** Whether key labels have to stand upright to fit. */
export function labelsStand(cell: number, width: number): boolean {
  return width > cell
}

type Place = Pick<TextMark, 'x' | 'y' | 'align' | 'upright'>

function axis(
  { view, stage, labels }: AxisScene,
  look: Look,
  part: {
    readonly first: number
    readonly last: number
    readonly spacing: number
    readonly marked: readonly number[]
    /** Of one label, along the line that it is written on. */
    readonly room: number
  },
  placeOf: (cell: number) => Place | null
): TextMark[] {
  const isPart = view.cell > fitted(stage).cell * 1.001
  const shown = labelledCells(
    Math.max(0, part.first),
    Math.min(labels.length - 1, part.last),
    view.cell,
    part.spacing
  )
  const own = part.marked.filter(cell => cell >= 0 && cell < labels.length)
  const thinned = labelStep(view.cell, part.spacing) > 1
  const size = fontSize(view.cell, look)
  /** Where not all stand, or a part alone is seen, labels say their positions. */
  const positioned = (cell: number, label: AxisLabel): AxisLabel => {
    const text = `${cell} ${isolated(label.text)}`
    const fits = labelWidth({ ...label, text }, size) <= part.room
    return thinned || (isPart && fits) ? { ...label, text } : label
  }
  const mark = (cell: number, marked: boolean): TextMark[] => {
    const place = placeOf(cell)
    if (place === null) return []
    const label = positioned(cell, labels[cell]!)
    const plain = label.faint ? look.faint : look.ink
    const color = marked || label.special ? look.accent : plain
    const pill = label.special && view.cell >= smallestCellWithPill ? look.pill : null
    const weight = marked ? 700 : 400
    const text = isolated(label.text)
    return [textMark({ ...place, text, color, pill, weight, size, font: look.mono })]
  }
  const free = shown.filter(cell =>
    own.every(other => other !== cell && Math.abs(other - cell) * view.cell >= part.spacing)
  )
  return [...free.flatMap(cell => mark(cell, false)), ...own.flatMap(cell => mark(cell, true))]
}

function rowSpacing({ view: { cell } }: AxisScene, { size }: Look): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(cell, size) : size + 3
}
