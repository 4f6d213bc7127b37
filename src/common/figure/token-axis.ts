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
  /** Whether labels of keys stand upright. */
  readonly keysStand: boolean
}

/** Room between an axis and its labels. */
export const labelGap = 6
const smallestCellWithOwnLabel = 10
const smallestCellWithPill = 14
/** So many tokens are counted at a glance; of more the labels say their positions. */
const countable = 16
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
  const size = rowSize(view.cell, look)
  const part = { first, last, size, spacing: rowSpacing(scene, look), marked, numbers: true }
  return axis(scene, look, part, cell => {
    const y = top + (cell - view.row + 0.5) * view.cell
    if (y < top || y > top + height) return null
    return { x: left - labelGap, y, align: 'right', upright: false }
  })
}

/** Labels of the keys, above the columns of a map; they stand where not all would fit lying. */
export function keyAxis(scene: AxisScene, look: Look, marked: readonly number[] = []): TextMark[] {
  const { view, left, top, labels, keysStand: upright } = scene
  const width = mapWidth(scene)
  const first = Math.floor(view.column)
  const last = Math.floor(view.column + width / view.cell)
  const shown = labels.slice(Math.max(0, first), last + 1)
  const widest = shown.reduce((max, label) => Math.max(max, labelWidth(label, look.size)), 0)
  const size = upright ? rowSize(view.cell, look) : look.size
  const spacing = upright ? rowSpacing(scene, look) : widest
  const numbers = upright || widest + monoWidth(` ${last} `, size) <= view.cell
  return axis(scene, look, { first, last, size, spacing, marked, numbers }, cell => {
    const x = left + columnLeft(scene, cell) + view.cell / 2
    if (x < left || x > left + width) return null
    const y = upright ? top - labelGap : top - labelGap - middleOfLetters
    return { x, y, align: upright ? 'left' : 'center', upright }
  })
}

/** Size of the letters of labels in lines of a cell each: they stay readable a little below full size. */
export function rowSize(cell: number, { size }: Pick<Look, 'size'>): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(size, cell) : size
}

/** How wide a label comes out. */
export function labelWidth({ text, special }: AxisLabel, size: number): number {
  return special ? pillWidth(text, size) : monoWidth(text, size)
}

/** By the labels, which stay the same while a figure is moved over. */
const widest = new WeakMap<
  readonly AxisLabel[],
  { readonly size: number; readonly width: number }
>()

/** How wide the widest of some labels comes out. */
export function widestLabel(labels: readonly AxisLabel[], size: number): number {
  const known = widest.get(labels)
  if (known?.size === size) return known.width
  const width = labels.reduce((most, label) => Math.max(most, labelWidth(label, size)), 8)
  widest.set(labels, { size, width })
  return width
}

type Place = Pick<TextMark, 'x' | 'y' | 'align' | 'upright'>

function axis(
  { view, stage, labels }: AxisScene,
  look: Look,
  part: {
    readonly first: number
    readonly last: number
    /** Of the letters, in CSS pixels. */
    readonly size: number
    readonly spacing: number
    readonly marked: readonly number[]
    /** Whether there is room for a position beside each label. */
    readonly numbers: boolean
  },
  placeOf: (cell: number) => Place | null
): TextMark[] {
  const shown = labelledCells(
    Math.max(0, part.first),
    Math.min(labels.length - 1, part.last),
    view.cell,
    part.spacing
  )
  const own = part.marked.filter(cell => cell >= 0 && cell < labels.length)
  const thinned = labelStep(view.cell, part.spacing) > 1
  const isPart = view.cell > fitted(stage).cell * 1.001
  const numbered = thinned || (part.numbers && (isPart || labels.length > countable))
  const positioned = (cell: number, label: AxisLabel): AxisLabel =>
    numbered ? { ...label, text: `${cell} ${isolated(label.text)}` } : label
  const mark = (cell: number, marked: boolean): TextMark[] => {
    const place = placeOf(cell)
    if (place === null) return []
    const label = positioned(cell, labels[cell]!)
    const plain = label.faint ? look.faint : look.ink
    const color = marked || label.special ? look.accent : plain
    const pill = label.special && view.cell >= smallestCellWithPill ? look.pill : null
    const weight = marked ? 700 : 400
    const text = isolated(label.text)
    return [textMark({ ...place, text, color, pill, weight, size: part.size, font: look.mono })]
  }
  const free = shown.filter(cell =>
    own.every(other => other !== cell && Math.abs(other - cell) * view.cell >= part.spacing)
  )
  return [...free.flatMap(cell => mark(cell, false)), ...own.flatMap(cell => mark(cell, true))]
}

function rowSpacing({ view: { cell } }: AxisScene, { size }: Look): number {
  return cell >= smallestCellWithOwnLabel ? Math.min(cell, size) : size + 3
}
