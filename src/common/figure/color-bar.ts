import { numberText } from '../text/number-text.ts'
import { cssColor, type Coloring } from './color-table.ts'
import type { Look } from './look.ts'
import { textMark, type Mark } from './mark.ts'
import { linesInRoom, sansWidth } from './text-width.ts'
import { positionInRange, unscaled, scaled, valueScaleFormulas } from './value-scale.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'

export interface ColorBarTick {
  readonly value: number
  /** 0 at the low end, 1 at the high end. */
  readonly position: number
}

const rampWidth = 10
const tickGap = 5
const stops = 16
/** Between a map and the bar beside it. */
export const barGap = 14
/** Beside the ramp, of the size of letters: numbers of six, two lines of a name, and between them. */
const lettersRoom = 5.8
/** From the edge of that to the middle of a name, where numbers do not push it on. */
const nameEdge = 1.3
const numbersGap = 0.25
/** From one line of a name to the next. */
const nameLine = 1.1
/** Lines of a name along a bar, beyond which it is hard to read. */
const mostLines = 2

/** What a bar takes beside a map. */
export function barRoom({ size }: Pick<Look, 'size'>): number {
  return Math.ceil(barGap + rampWidth + tickGap + lettersRoom * size)
}

/** Where a colour bar stands, in CSS pixels. */
export interface BarPlace {
  readonly x: number
  readonly y: number
  readonly height: number
}

/** What a bar says whose values lie along it in a way of their own. */
export interface BarWords {
  readonly ticks: readonly ColorBarTick[]
  /** Below it. */
  readonly note: string
}

/** What of a look a bar says. */
type BarLook = Pick<Look, 'scale' | 'range' | 'size'>

/** A bar of all colours with the values they stand for, and what those are. */
export function colorBar(
  look: Look,
  coloring: Coloring,
  unit: string,
  { x, y, height }: BarPlace,
  own?: BarWords
): Mark[] {
  const { paper, ink, faint, line, sans, size } = look
  const words = { font: sans, size }
  const { ticks, texts, lines } = written(look, unit, height, own)
  const note = own?.note ?? rangeNote(look)
  return [
    {
      kind: 'rect',
      x,
      y,
      width: rampWidth,
      height,
      fill: Array.from({ length: stops + 1 }, (_, i) => cssColor(coloring, i / stops, paper)),
      line
    },
    ...ticks.map(({ position }, i) =>
      textMark({
        ...words,
        text: texts[i]!,
        x: x + rampWidth + tickGap,
        y: y + inside((1 - position) * height, height, size),
        color: ink
      })
    ),
    ...lines.map(({ text, from }) =>
      textMark({
        ...words,
        text,
        x: x + rampWidth + from,
        y: y + height / 2,
        align: 'center',
        upright: true,
        color: faint,
        room: height
      })
    ),
    ...(note === ''
      ? []
      : [textMark({ ...words, text: note, x, y: y + height + 12, color: faint })])
  ]
}

/** What stands below a bar, of how much of the height of a map. */
export function rangeRoom(look: Pick<Look, 'still' | 'follows' | 'shared'>): number {
  return rangeNote(look) === '' ? 0 : 18
}

/** On a page it is to be said of a range only that it is not that of its values. */
export function rangeNote(look: Pick<Look, 'still' | 'follows' | 'shared'>): string {
  const isOwn = look.follows && look.shared !== true
  return look.still === true && isOwn ? '' : rangeWords(look)
}

/** Whether a bar so high has room for its name, in few lines, and for its numbers apart. */
export function fitsAlong(look: BarLook, unit: string, height: number, own?: BarWords): boolean {
  const { scale, range, size } = look
  const { lines } = written(look, unit, height, own)
  const places = (own?.ticks ?? colorBarTicks(scale, range, 0))
    .map(({ position }) => inside(position * height, height, size))
    .sort((a, b) => a - b)
  return (
    lines.length <= mostLines &&
    lines.every(({ text }) => sansWidth(text, size) <= height) &&
    places.every((place, i) => i === 0 || place - places[i - 1]! >= tickRoom * size)
  )
}

/**
 * How high a bar is: as is wanted, or as much more as its name and its numbers take.
 * @param most that there is room for
 */
export function barHeight(
  look: BarLook,
  unit: string,
  wanted: number,
  most: number,
  own?: BarWords
): number {
  let height = wanted
  while (height < most && !fitsAlong(look, unit, height, own)) height += look.size
  return Math.max(wanted, Math.min(most, height))
}

/** From one number to the next beside a bar, in the size of its letters. */
const tickRoom = 1.2

/** A number at an end of a bar is all beside it. */
function inside(at: number, height: number, size: number): number {
  return Math.min(height - size / 2, Math.max(size / 2, at))
}

/**
 * Values along a bar, as many as are read at ease.
 * @param apart from one to the next, in CSS pixels
 */
export function ticksAlong(
  { scale, range }: Pick<Look, 'scale' | 'range'>,
  length: number,
  apart: number,
  own?: BarWords
): readonly ColorBarTick[] {
  return own?.ticks ?? colorBarTicks(scale, range, Math.max(0, Math.floor(length / apart) - 1))
}

/** What is written beside a bar and along it, and how far the middle of each line of its name is from the ramp. */
function written(look: BarLook, unit: string, height: number, own?: BarWords) {
  const { scale, size } = look
  const ticks = ticksAlong(look, height, 44, own)
  const { texts, name } = barTexts(ticks, colorBarTitle(unit, scale), size, height)
  const lines = nameLines(name, size, height, widestOf(texts, size))
  const edge = tickGap + (lettersRoom - nameEdge) * size
  const pushed = tickGap + widestOf(texts, size) + (numbersGap + 0.5) * size
  const last = Math.max(edge, pushed + (lines.length - 1) * nameLine * size)
  const from = (i: number) => last - (lines.length - 1 - i) * nameLine * size
  return { ticks, texts, lines: lines.map((text, i) => ({ text, from: from(i) })) }
}

function widestOf(texts: readonly string[], size: number): number {
  return Math.max(...texts.map(text => sansWidth(text, size)))
}

/** How many lines of a name there is room for beyond numbers. */
function linesBeyond(numbers: number, size: number): number {
  return Math.max(1, Math.floor(1 + (lettersRoom - 1 - numbersGap - numbers / size) / nameLine))
}

/**
 * What stands beside a bar and along it: where the name would be cut, for long numbers leave no room for a second line of it,
 * numbers are in a power of ten, which the name says, or have two digits.
 */
function barTexts(ticks: readonly ColorBarTick[], name: string, size: number, room: number) {
  const texts = ticks.map(({ value }) => tickText(value))
  const plain = { texts, name }
  const hasTwo = linesBeyond(widestOf(texts, size), size) > 1
  if (sansWidth(name, size) <= room || hasTwo) return plain
  const ends = ticks.map(({ value }) => Math.abs(value)).filter(value => value > 0)
  const power = Math.floor(Math.log10(Math.max(...ends)))
  const unit = 10 ** power
  // Of values that are much smaller than others nothing would be left.
  if (!Number.isFinite(power) || Math.min(...ends) < unit / 10) return plain
  // So that a bar says what cells say: these are plain there, too.
  if (power === -1 || power === -2)
    return { texts: ticks.map(({ value }) => tickText(Number(value.toPrecision(2)))), name }
  return {
    texts: ticks.map(({ value }) => tickText(Number((value / unit).toFixed(2)))),
    name: `${name}, in 1e${power}`.replace('e-', 'e−')
  }
}

/**
 * A bar's name along it, in more lines than one where one would be cut and there is room for more beside the numbers; of what would
 * take still more the last is cut.
 * @param room along the bar
 * @param numbers how wide they are; all in CSS pixels
 */
function nameLines(name: string, size: number, room: number, numbers: number): string[] {
  const most = linesBeyond(numbers, size)
  const lines = linesInRoom(name, room, line => sansWidth(line, size))
  if (Math.min(lines.length, most) === 2) return inTwo(name, size)
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')]
}

/** A text of several words in two lines, the longer as short as can be. */
function inTwo(text: string, size: number): string[] {
  const words = text.split(' ')
  const breaks = words.slice(1).map((_, i): [string, string] => {
    return [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]
  })
  const longer = (lines: readonly string[]) => Math.max(...lines.map(line => sansWidth(line, size)))
  return breaks.toSorted((a, b) => longer(a) - longer(b))[0]!
}

/** What the colours of a bar stand for. */
export function colorBarTitle(unit: string, scale: ValueScale): string {
  return [unit, ...scaleWords(scale)].join(', ')
}

/** How they are reckoned of values; nothing where they go with these. */
export function scaleWords(scale: ValueScale): string[] {
  return scale === 'linear' ? [] : [`as ${valueScaleFormulas[scale]}`]
}

/**
 * What the colours of a figure stand for, how they are reckoned and between which values, for its caption: such as
 * `Colour: attention weight, as √w, from 0 to 0.982`.
 * @param look left out of values that lie along the bar in a way of their own
 */
export function colorsShown(unit: string, look?: Pick<Look, 'scale' | 'range'>): string {
  if (look === undefined) return `Colour: ${unit}`
  const { low, high } = look.range
  return `Colour: ${colorBarTitle(unit, look.scale)}, from ${numberText(low)} to ${numberText(high)}`
}

/** Where the ends of a bar come from. */
export function rangeWords({ follows, shared }: Pick<Look, 'follows' | 'shared'>): string {
  if (!follows) return 'fixed range'
  return shared ? 'shared range' : 'own range'
}

/**
 * Round values along a colour bar, at most `count` between its two ends, which are always there; zero is among them
 * where it lies in the middle.
 */
export function colorBarTicks(scale: ValueScale, range: ValueRange, count: number): ColorBarTick[] {
  const { low, high } = range
  if (!(high > low)) return [{ value: low, position: 0 }]
  if (low === -high && count > 0) {
    const above = colorBarTicks(scale, { low: 0, high }, Math.floor((count - 1) / 2))
    return [
      ...above.slice(1).map(tick => ({ value: -tick.value, position: (1 - tick.position) / 2 })),
      ...above.map(tick => ({ ...tick, position: (1 + tick.position) / 2 }))
    ].sort((a, b) => a.position - b.position)
  }
  const inner: ColorBarTick[] = []
  const from = scaled(scale, low)
  const to = scaled(scale, high)
  for (let i = 1; i <= count; i++) {
    const value = roundTo1(unscaled(scale, from + ((to - from) * i) / (count + 1)))
    const position = positionInRange(scale, range, value)
    const previous = inner.at(-1)?.position ?? 0
    if (position - previous > 0.08 && position < 0.92) inner.push({ value, position })
  }
  return [{ value: low, position: 0 }, ...inner, { value: high, position: 1 }]
}

/** A tick's value, short enough to stand beside a bar or an axis: `0.2`, `3.4e−6`. */
export function tickText(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-3
  const text = small ? value.toExponential(1) : String(Number(value.toPrecision(3)))
  return text.replaceAll('-', '−')
}

/** To one significant digit. */
function roundTo1(value: number): number {
  return Number(value.toPrecision(1))
}
