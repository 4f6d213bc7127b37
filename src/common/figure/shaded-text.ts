import { z } from 'zod'
import { isolated, lettersText, readsRightToLeft } from '../text/token-text.ts'
import { middleOfLetters } from './middle-of-letters.ts'
import { barMarks, lyingBarWidth, roomBelow, withWholeBar } from './bar-below.ts'
import {
  barGap,
  barHeight,
  barRoom,
  colorsShown,
  rangeRoom,
  type BarPlace,
  type BarWords
} from './color-bar.ts'
import { colorTable, coloringOf, cssColor } from './color-table.ts'
import type { FigureKind, MapPanel } from './figure-kind.ts'
import { quantities, type Quantity } from './heat-map-pixels.ts'
import { inkOn } from './ink-on.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type Mark, type RectMark } from './mark.ts'
import { rankAt, rankTicks } from './rank-scale.ts'
import {
  boxesWithGaps,
  flowingText,
  partsOfBoxes,
  runsFromRight,
  TextBox,
  type FlowingText
} from './text-flow.ts'
import { monoWidth, textWidth } from './text-width.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import { positionInRange } from './value-scale.ts'

/** A text whose tokens are shaded by one weight each, or by a difference of two. */
export const ShadedTextData = z.object({
  title: z.string().nullable(),
  quantity: z.enum(quantities).default('weight'),
  /** What the shades are of; not said above the text where it is what the bar says. */
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
  room: z.object({ width: z.number(), height: z.number() }),
  /** Whether its lines run from right to left; left out where that was not kept, for its boxes tell. */
  mirrored: z.boolean().exactOptional()
})
export type ShadedTextData = z.output<typeof ShadedTextData>

const margin = 14
const noteRoom = 22
/** Of letters, in CSS pixels. */
export const textLetterSize = 14
/** Shades of two lines keep apart. */
const inset = 2
/** How high a bar is at least beside a text that takes less, and at most where its name takes more; in CSS pixels. */
const lowBar = { least: 44, most: 130 }
/** Of a line that a text flows anew in. */
const leastLetters = 12
/** From one line of a note to the next, of the size of its letters. */
const noteLine = 1.3

/** A text as it flows on the screen, or anew in another width, its tokens shaded, with a colour bar. */
export const shadedText: FigureKind<ShadedTextData> = {
  name: 'shaded-text',
  data: ShadedTextData,
  shows: (data, look) =>
    [colorsShown(unitOf(data), barWords(data) === undefined ? look : undefined), noteOf(data)]
      .filter(part => part !== '')
      .join('; '),
  resizes: 'width',

  natural: (data, look) => ({
    width: Math.ceil(data.room.width + besideOf(look)),
    height: heightOf(data, look, look.bar === undefined ? barBeside(data, look) : null),
    ratio: 1
  }),

  least(data, look) {
    const { width } = shadedText.natural(data, look)
    const lines = leastLine(look)
    const own =
      look.still === true
        ? Math.max(lines, lyingBarWidth(look)) + 2 * margin
        : lines + besideOf(look)
    return { width: Math.min(width, own), height: 0 }
  },

  panel(whole, asked, size): MapPanel {
    const { data, look, bar, own, isAnew } = textLayout(whole, asked, size.width)
    const { title, room, quantity } = data
    const at = { x: margin, y: margin + aboveOf(data, look) }
    const width = size.width - 2 * margin
    const letters = isAnew ? look.size : textLetterSize
    const [coloring, unit] = [coloringOf(quantity, look), unitOf(data)]
    const line = { left: margin, width: size.width }
    const top = at.y + room.height + margin / 2
    const end = top + roomBelow(look, bar !== null, unit, line, own) + margin / 2
    return {
      kind: 'map',
      ...size,
      height: Math.max(isAnew ? heightOf(data, look, bar) : size.height, Math.ceil(end)),
      paper: look.paper,
      rasters: [],
      marks: [
        ...titleMarks(title, look, { x: margin, y: titleRoom - 10, room: width }),
        ...noteMarks(data, look, { x: margin, y: at.y - margin - 8 }),
        ...shadeMarks(data, look, at),
        ...weightSpots(data, at),
        ...letterMarks(data, look, at, letters),
        ...barMarks(look, bar, coloring, unit, { ...line, top }, own)
      ]
    }
  }
}

/** A text as it flows in a figure of a width: as it is where it has that, else anew. */
export function flowedIn(data: ShadedTextData, look: Look, width: number): ShadedTextData {
  return textLayout(data, look, width).data
}

/** A text in a width, with its bar beside it or, on a page, below. */
function textLayout(whole: ShadedTextData, asked: Look, width: number) {
  const wished = whole.ranks === null ? asked : withOwnBar(asked)
  const isAnew = width !== shadedText.natural(whole, wished).width
  const placed = (look: Look) => placedText(whole, look, width, isAnew)
  return { isAnew, ...withWholeBar(wished, unitOf(whole), placed) }
}

/** With its bar beside it, unless that leaves it too little room on a page. */
function placedText(whole: ShadedTextData, look: Look, width: number, isAnew: boolean) {
  const isNarrow = look.still === true && width - besideOf(look) < leastLine(look)
  if (isNarrow && look.bar === undefined)
    return placedText(whole, { ...look, bar: 'below' }, width, isAnew)
  const data = isAnew ? { ...whole, ...flowedAnew(whole, look, width - besideOf(look)) } : whole
  const bar = look.bar === undefined ? barBeside(data, look) : null
  return { data, look, bar, own: barWords(data) }
}

/** What a colour bar beside it and margins take of the width. */
function besideOf(look: Pick<Look, 'size' | 'bar'>): number {
  return (look.bar === undefined ? barRoom(look) : 0) + 2 * margin
}

function leastLine({ size }: Pick<Look, 'size'>): number {
  return monoWidth('x', size) * leastLetters
}

/** Ranks are of the vocabulary of each: each text of them has its bar. */
function withOwnBar(look: Look): Look {
  const { bar, ...others } = look
  return bar === undefined ? look : others
}

/** In lines of another width, in letters of the size that all others have. */
function flowedAnew(
  { boxes, room, mirrored }: Pick<ShadedTextData, 'boxes' | 'room' | 'mirrored'>,
  { size }: Pick<Look, 'size'>,
  width: number
): FlowingText {
  if (mirrored !== undefined) return flowingText(partsOfBoxes(boxes), { width, size, mirrored })
  const own = runsFromRight(boxes, room.width)
  return flowingText(partsOfBoxes(boxesWithGaps(boxes, own)), { width, size, mirrored: own })
}

function heightOf(data: ShadedTextData, look: Look, bar: BarPlace | null): number {
  const beside = bar === null ? 0 : bar.height + rangeRoom(look)
  return Math.ceil(aboveOf(data, look) + Math.max(data.room.height, beside) + 2 * margin)
}

function barBeside(data: ShadedTextData, look: Look): BarPlace {
  const { width, height } = data.room
  const text = Math.min(220, height - rangeRoom(look))
  // On a page it lies below a text that is too low for it.
  const isPage = look.still === true
  const [wanted, most] = isPage ? [text, text] : [Math.max(lowBar.least, text), lowBar.most]
  return {
    ...{ x: margin + width + barGap, y: margin + aboveOf(data, look) },
    height: barHeight(look, unitOf(data), wanted, most, barWords(data))
  }
}

/** What the colours of a shaded text stand for. */
export function unitOf({ unit, quantity }: Pick<ShadedTextData, 'unit' | 'quantity'>): string {
  return unit ?? (quantity === 'difference' ? 'difference of weights' : 'attention weight')
}

/** What stands above the text. */
function aboveOf(data: ShadedTextData, look: Look): number {
  const lines = noteLines(data, look).length
  const note = lines === 0 ? 0 : noteRoom + (lines - 1) * noteLine * look.size
  return note + (data.title === null ? 0 : titleRoom)
}

function noteMarks(data: ShadedTextData, look: Look, { x, y }: Point): Mark[] {
  const { sans: font, size, faint: color } = look
  const lines = noteLines(data, look)
  return lines.map((text, i) =>
    textMark({
      ...{ text, x, y: y - (lines.length - 1 - i) * noteLine * size, font, size, color },
      room: data.room.width + besideOf(look) - 2 * margin
    })
  )
}

/** A note as it stands above a text and its colour bar: in as many lines as it takes. */
function noteLines(data: ShadedTextData, look: Pick<Look, 'sans' | 'size' | 'bar'>): string[] {
  const { sans: font, size } = look
  const { width } = data.room
  const note = noteOf(data)
  if (note === '') return []
  return note.split(' ').reduce<string[]>((lines, word) => {
    const longer = [...lines.slice(-1), word].join(' ')
    const fits = textWidth(longer, { font, size }) <= width + besideOf(look) - 2 * margin
    return fits ? [...lines.slice(0, -1), longer] : [...lines, word]
  }, [])
}

/** What stands above a shaded text besides its title; empty where the bar says it. */
export function noteOf(data: Pick<ShadedTextData, 'note' | 'unit' | 'quantity'>): string {
  return data.note === unitOf(data) ? '' : data.note
}

function barWords({ ranks }: Pick<ShadedTextData, 'ranks'>): BarWords | undefined {
  return ranks === null ? undefined : rankWords(ranks)
}

function rankWords(count: number): BarWords {
  const ticks = rankTicks(count, 5).map(tick => ({ ...tick, position: 1 - tick.position }))
  return { ticks, note: 'logarithmic' }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** What the tokens say where they are pointed at: their weights, or the ranks that these stand for. */
function weightSpots(data: ShadedTextData, at: Point): Mark[] {
  const { boxes, weights, ranks } = data
  const texts = new Map<number, string>()
  for (const { group, text } of boxes) texts.set(group, (texts.get(group) ?? '') + text)
  // Once for each group: it may have as many boxes as there are.
  const written = new Map([...texts].map(([group, text]) => [group, isolated(lettersText(text))]))
  return boxes.map(({ x, y, width, height, group }) => {
    const weight = weights[group] ?? NaN
    const value = ranks === null ? weight : rankAt(1 - weight, ranks)
    const tip = [written.get(group)!, `\n${unitOf(data)}: `, value]
    return spotMark({ x: at.x + x, y: at.y + y, width, height }, tip)
  })
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

function letterMarks(
  { boxes, weights, quantity }: ShadedTextData,
  look: Look,
  at: Point,
  size: number
): Mark[] {
  const plain = { letters: look.ink, sign: look.faint, special: look.accent }
  return boxes
    .filter(({ text }) => text.trim() !== '')
    .map(({ x, y, width, height, text, kind, group }) =>
      textMark({
        text: text.trim(),
        x: at.x + x + width * middleOfLetters(text, readsRightToLeft(text)),
        y: at.y + y + height / 2,
        align: 'center',
        font: look.mono,
        size,
        color:
          letterInk(weights[group]!, quantity, look) ??
          plain[hidesInks(weights[group]!, look) ? 'letters' : kind]
      })
    )
}
