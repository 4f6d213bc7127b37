import type { ShownToken } from '../model/token.ts'
import { monoWidth } from './text-width.ts'

/** Something drawn over pixels, in CSS pixels from the panel's corner. */
export type Mark = TextMark | RectMark | LineMark | SpotMark

/**
 * What is said of a mark where it is pointed at in a page of its own: a text, or texts, tokens and numbers that follow each
 * other. They become one text in a page alone: a figure on the screen is drawn anew with each move of the pointer.
 */
export type Tip = string | readonly (string | number | ShownToken)[]

interface OwnMark {
  /** A plot of its panel shows it, too. */
  readonly plotted?: true
}

/** A line of text; its middle stands at y. */
export interface TextMark extends OwnMark {
  readonly kind: 'text'
  readonly text: string
  readonly x: number
  readonly y: number
  readonly align: 'left' | 'center' | 'right'
  /** It runs upwards; `align` is along it. */
  readonly upright: boolean
  readonly font: string
  readonly size: number
  readonly weight: 400 | 500 | 600 | 700
  readonly color: string
  /** The colour of a capsule behind it. */
  readonly pill: string | null
  /** Beyond it, text is cut short. */
  readonly room: number | null
}

export interface RectMark extends OwnMark {
  readonly kind: 'rect'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** A colour, or several, evenly from the bottom to the top. */
  readonly fill: string | readonly string[] | null
  readonly line: string | null
  /** Left out for nothing. */
  readonly tip?: Tip
}

/** A line through points. */
export interface LineMark extends OwnMark {
  readonly kind: 'line'
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly color: string
  readonly width: number
  readonly opacity: number
  /** Of all of it; left out for nothing. */
  readonly tip?: Tip
  /** Of each of its points; left out for nothing. */
  readonly tips?: readonly Tip[]
}

/** A place that says something where it is pointed at, and of which nothing is drawn: a column with a low bar, say. */
export interface SpotMark extends OwnMark {
  readonly kind: 'spot'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly tip: Tip
}

export function spotMark(
  place: Pick<SpotMark, 'x' | 'y' | 'width' | 'height'>,
  tip: Tip
): SpotMark {
  return { kind: 'spot', ...place, tip }
}

/** A line of text, plain but for what is said. */
export function textMark(
  mark: Pick<TextMark, 'text' | 'x' | 'y' | 'font' | 'size' | 'color'> & Partial<TextMark>
): TextMark {
  return {
    kind: 'text',
    align: 'left',
    upright: false,
    weight: 400,
    pill: null,
    room: null,
    ...mark
  }
}

const pillPadding = 5
const pillHeight = 15

/** How wide a text on a capsule comes out. */
export function pillWidth(text: string, size: number): number {
  return monoWidth(text, size) + 2 * pillPadding
}

/** The capsule behind a text, from the text's own place; null where it has none. */
export function pillShape({ text, size, align, pill }: TextMark) {
  if (pill === null) return null
  const width = pillWidth(text, size)
  const x = { left: 0, right: -width, center: -width / 2 }[align]
  return { x, y: -pillHeight / 2 - 0.5, width, height: pillHeight }
}

/** How far a text keeps from the edge of its capsule. */
export function pillInset({ align, pill }: TextMark): number {
  return pill === null ? 0 : { left: pillPadding, right: -pillPadding, center: 0 }[align]
}
