import { z } from 'zod'
import { colorBar, type BarWords } from './color-bar.ts'
import { colorTable, coloringOf, cssColor } from './color-table.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import { quantities, type Quantity } from './heat-map-pixels.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { barRoom } from './map-layout.ts'
import { textMark, type Mark, type RectMark } from './mark.ts'
import { rankTicks } from './rank-scale.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { positionInRange } from './value-scale.ts'

/** A token, or the part of it that stands in one line, where it stands in the flowing text, in CSS pixels. */
export const TextBox = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  text: z.string(),
  kind: z.enum(['letters', 'sign', 'special']),
  /** Of tokens that are taken together. */
  group: z.int().min(0)
})
export type TextBox = z.output<typeof TextBox>

/** A text whose tokens are shaded by one weight each, or by a difference of two. */
export const ShadedTextData = z.object({
  title: z.string().nullable(),
  quantity: z.enum(quantities).default('weight'),
  /** What the shades are of. */
  note: z.string(),
  /** What the colours stand for; null of attention. */
  unit: z.string().nullable().default(null),
  /** Weights are places of ranks among so many, from 0 for the first to 1; null of all else. */
  ranks: z.int().min(2).nullable().default(null),
  /** In the order of the text; those of a line stand at the same height. */
  boxes: z.array(TextBox).readonly(),
  /** [group]; NaN where nothing is defined. */
  weights: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
  /** The group that the weights are from, or to. */
  own: z.int().min(0),
  /** Of the flowing text. */
  room: z.object({ width: z.number(), height: z.number() })
})
export type ShadedTextData = z.output<typeof ShadedTextData>

const margin = 14
const noteRoom = 22
/** Of letters, in CSS pixels. */
export const textLetterSize = 14
/** Shades of two lines keep apart. */
const inset = 2
const leastBar = 130

/** A text as it flows on the screen, its tokens shaded, with a colour bar. */
export const shadedText: FigureKind<ShadedTextData> = {
  name: 'shaded-text',
  data: ShadedTextData,
  resizes: 'none',

  natural({ title, room }) {
    const above = noteRoom + (title === null ? 0 : titleRoom)
    return {
      width: Math.ceil(room.width + barRoom + 2 * margin),
      height: Math.ceil(above + Math.max(room.height, leastBar + 18) + 2 * margin),
      ratio: 1
    }
  },

  panel(data, look, size): MapPanel {
    const { title, note, room, quantity, ranks } = data
    const { sans, faint } = look
    const unit =
      data.unit ?? (quantity === 'difference' ? 'difference of weights' : 'attention weight')
    const words = ranks === null ? undefined : rankWords(ranks)
    const above = noteRoom + (title === null ? 0 : titleRoom)
    const at = { x: margin, y: margin + above }
    const width = size.width - 2 * margin
    const bar = {
      x: at.x + room.width + margin,
      y: at.y,
      height: Math.min(220, Math.max(leastBar, room.height - 18))
    }
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      marks: [
        ...titleMarks(title, look, { x: margin, y: titleRoom - 10, room: width }),
        textMark({
          text: note,
          x: margin,
          y: above - 8,
          font: sans,
          size: look.size,
          color: faint,
          room: width
        }),
        ...shadeMarks(data, look, at),
        ...letterMarks(data, look, at),
        ...colorBar(look, coloringOf(quantity, look), unit, bar, words)
      ]
    }
  }
}

function rankWords(count: number): BarWords {
  const ticks = rankTicks(count, 5).map(tick => ({ ...tick, position: 1 - tick.position }))
  return { ticks, note: 'logarithmic' }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** The shades behind the letters, and a line around the text that they are from, or to. */
export function shadeMarks(
  { boxes, weights, own, quantity }: Pick<ShadedTextData, 'boxes' | 'weights' | 'own' | 'quantity'>,
  look: Look,
  at: Point
): RectMark[] {
  const marks: RectMark[] = []
  const rings: RectMark[] = []
  for (const box of joinedBoxes(boxes, weights)) {
    const rect = {
      kind: 'rect',
      x: at.x + box.x + 0.5,
      y: at.y + box.y + inset,
      width: Math.max(2, box.width - 1),
      height: box.height - 2 * inset,
      line: null
    } as const
    const fill = shadeOf(weights[box.group]!, quantity, look)
    if (fill !== null) marks.push({ ...rect, fill })
    if (box.group === own)
      rings.push({ ...rect, fill: null, line: look.accent }, around(rect, look))
  }
  return [...marks, ...rings]
}

/** What letters on a shade are written in, where that is not the ink of the page. */
export function letterInk(weight: number, quantity: Quantity, look: Look): string | null {
  if (Number.isNaN(weight)) return null
  const table = colorTable(coloringOf(quantity, look), look.paper)
  const [own, page] = [inkOn(weight, table, look), inkOn(0, table, look)]
  return own === page ? null : own
}

/** What of a shade signs and special tokens, which have inks of their own, still read on. */
const palest = 0.1

/** Whether all letters on a shade are written in one ink. */
export function hidesInks(
  weight: number,
  { scale, range }: Pick<Look, 'scale' | 'range'>
): boolean {
  const [own, page] = [weight, 0].map(value => positionInRange(scale, range, value))
  return Math.abs(own! - page!) > palest
}

/** The colour of a weight; null where it is the page's. */
function shadeOf(weight: number, quantity: Quantity, look: Look): string | null {
  const { scale, range, paper, empty } = look
  if (Number.isNaN(weight)) return empty
  const place = positionInRange(scale, range, weight)
  const isZero = place === positionInRange(scale, range, 0)
  return isZero ? null : cssColor(coloringOf(quantity, look), place, paper)
}

function around({ x, y, width, height }: Omit<RectMark, 'fill'>, { accent }: Look): RectMark {
  return {
    kind: 'rect',
    x: x - 1,
    y: y - 1,
    width: width + 2,
    height: height + 2,
    fill: null,
    line: accent
  }
}

/** Boxes of a group that stand in one line as one, and so those where nothing is defined. */
function joinedBoxes(boxes: readonly TextBox[], weights: Float32Array): TextBox[] {
  const joined: TextBox[] = []
  const alike = (a: TextBox, b: TextBox) =>
    a.group === b.group || (Number.isNaN(weights[a.group]) && Number.isNaN(weights[b.group]))
  for (const box of boxes) {
    const last = joined.at(-1)
    if (!last || last.y !== box.y || !alike(last, box)) joined.push(box)
    else {
      const x = Math.min(last.x, box.x)
      const end = Math.max(last.x + last.width, box.x + box.width)
      joined[joined.length - 1] = { ...last, x, width: end - x }
    }
  }
  return joined
}

function letterMarks({ boxes, weights, quantity }: ShadedTextData, look: Look, at: Point): Mark[] {
  const plain = { letters: look.ink, sign: look.faint, special: look.accent }
  return boxes
    .filter(({ text }) => text.trim() !== '')
    .map(({ x, y, width, height, text, kind, group }) =>
      textMark({
        text,
        // In its middle, whichever way it reads.
        x: at.x + x + width / 2,
        y: at.y + y + height / 2,
        align: 'center',
        font: look.mono,
        size: textLetterSize,
        color:
          letterInk(weights[group]!, quantity, look) ??
          plain[hidesInks(weights[group]!, look) ? 'letters' : kind]
      })
    )
}
