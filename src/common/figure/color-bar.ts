import { numberText } from '../text/number-text.ts'
import { cssColor, type Coloring } from './color-table.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type RectMark } from './mark.ts'
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
/** Letters of a bar's name, of those of its numbers, where the bar is short. */
const smallestName = 0.7

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

/** A bar of all colours with the values they stand for, and what those are. */
export function colorBar(
  look: Look,
  coloring: Coloring,
  unit: string,
  { x, y, height }: BarPlace,
  own?: BarWords
): Mark[] {
  const { paper, scale, range, ink, faint, line, sans, size } = look
  const ticks = own?.ticks ?? colorBarTicks(scale, range, Math.max(0, Math.floor(height / 44) - 1))
  const words = { font: sans, size }
  const { texts, name } = barTexts(ticks, colorBarTitle(unit, scale), size, height)
  const widest = Math.max(...texts.map(text => sansWidth(text, size)))
  const usual = nameLines(name, size, height, tickGap + widest)
  const longest = Math.max(...usual.map(({ text }) => sansWidth(text, size)))
  // Rather smaller than cut, and rather in many lines than smaller still.
  const nameSize = size * Math.min(1, Math.max(smallestName, height / longest))
  const lines =
    smallestName * longest > height ? smallLines(name, nameSize, height, tickGap + widest) : usual
  const inside = (at: number) => Math.min(y + height - size / 2, Math.max(y + size / 2, at))
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
        y: inside(y + (1 - position) * height),
        color: ink
      })
    ),
    ...lines.map(({ text, from }) =>
      textMark({
        ...words,
        text,
        size: nameSize,
        x: x + rampWidth + from,
        y: y + height / 2,
        align: 'center',
        upright: true,
        color: faint,
        room: height
      })
    ),
    textMark({ ...words, text: own?.note ?? rangeWords(look), x, y: y + height + 12, color: faint })
  ]
}

/** How high a bar is at least that cuts nothing of its name and whose numbers stand apart; as high as is wanted where that is less. */
export function leastBarHeight(
  { scale, range, size }: Pick<Look, 'scale' | 'range' | 'size'>,
  unit: string,
  wanted: number,
  own?: BarWords
): number {
  const ticks = own?.ticks ?? colorBarTicks(scale, range, 0)
  const name = colorBarTitle(unit, scale)
  const widest = Math.max(...ticks.map(({ value }) => sansWidth(tickText(value), size)))
  const hasTwo = lastLine(tickGap + widest, size) <= nameAt.last
  const lines = (hasTwo ? inTwo(name, size) : null) ?? [name]
  const longest = Math.max(...lines.map(line => sansWidth(line, size)))
  const places = ticks.map(({ position }) => position).sort((a, b) => a - b)
  const closest = Math.min(1, ...places.slice(1).map((place, i) => place - places[i]!))
  return Math.min(wanted, Math.ceil(Math.max(longest, (tickRoom * size) / closest)))
}

/** From one number to the next beside a bar, in the size of its letters. */
const tickRoom = 1.5

/** Of a bar that lies: its colours, which are these steps of whole pixels, and its lines. */
const lying = { step: 4, steps: 20, height: 9, line: 1.5, next: 1.2 } as const

/** What a bar that lies takes of the height, in CSS pixels. */
export function lyingBarRoom(look: Pick<Look, 'size'>): number {
  return Math.ceil(2 * lying.line * look.size)
}

/**
 * A bar of all colours that lies, between the values of its ends, with what they stand for behind it or, where that is too long,
 * below, in as many lines as it takes: for figures that have no room for a bar at their side.
 * @param place where it begins, the middle of its first line, and how wide that may be
 */
export function lyingColorBar(
  { paper, scale, range, ink, faint, sans, size }: Look,
  coloring: Coloring,
  unit: string,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  own?: BarWords
): Mark[] {
  const ends = (own?.ticks ?? colorBarTicks(scale, range, 0)).toSorted(
    (a, b) => a.position - b.position
  )
  const low = tickText(ends[0]!.value)
  const high = tickText(ends.at(-1)!.value)
  const ramp = x + sansWidth(low, size) + tickGap
  const length = lying.step * lying.steps
  const after = ramp + length + tickGap
  const name = after + sansWidth(high, size) + 2 * tickGap
  const text = own ? `${unit}, ${own.note}` : colorBarTitle(unit, scale)
  const fits = name + sansWidth(text, size) <= x + width
  const words = { font: sans, size }
  return [
    textMark({ ...words, text: low, x, y, color: ink }),
    // Each reaches to the end, under those that follow: nothing is seen between them.
    ...Array.from({ length: lying.steps }, (_, i): RectMark => ({
      kind: 'rect',
      x: ramp + i * lying.step,
      y: y - lying.height / 2,
      width: length - i * lying.step,
      height: lying.height,
      fill: cssColor(coloring, i / (lying.steps - 1), paper),
      line: null
    })),
    textMark({ ...words, text: high, x: after, y, color: ink }),
    ...(fits ? [text] : linesInRoom(text, width, line => sansWidth(line, size))).map((text, i) =>
      textMark({
        ...words,
        text,
        ...(fits
          ? { x: name, y }
          : { x, y: y + (lying.line + lying.next * i) * size, room: width }),
        color: faint
      })
    )
  ]
}

/** How wide a bar that lies is with the values of its ends, in CSS pixels. */
export function lyingBarWidth({
  scale,
  range,
  size
}: Pick<Look, 'scale' | 'range' | 'size'>): number {
  const ends = colorBarTicks(scale, range, 0).map(({ value }) => sansWidth(tickText(value), size))
  return lying.step * lying.steps + 2 * tickGap + 2 * Math.max(...ends)
}

/**
 * The bar of a map on paper that has no room for one at its side, below it: nothing else says there what its colours stand for.
 * @param place where the map begins, what it keeps from the sides of its panel and how wide that is, and where it ends, with what
 * it keeps from what is below
 * @returns null of a map that has one beside it, or beside another, or of one on a screen
 */
export function barBelow(
  look: Look,
  hasBar: boolean,
  coloring: Coloring,
  unit: string,
  place: {
    readonly left: number
    readonly margin: number
    readonly width: number
    readonly end: number
  }
): { readonly height: number; readonly marks: Mark[] } | null {
  if (look.still !== true || look.bar === false || hasBar) return null
  const room = lyingBarRoom(look)
  const { left, margin, end } = place
  const right = place.width - margin
  // It begins where the map does, unless that leaves it too little room.
  const x = left + lyingBarWidth(look) <= right ? left : margin
  const marks = lyingColorBar(look, coloring, unit, { x, y: end + room / 4, width: right - x })
  // Its last line, where what it stands for takes several.
  const last = marks.findLast(mark => mark.kind === 'text')
  return { height: Math.max(end + room, (last?.y ?? 0) + look.size / 2), marks }
}

/** From the ramp to the middle of a name's only line, and to that of the last of two, which no layout has less room for. */
const nameAt = { only: 54, last: 57 } as const
/** From the ramp to where the narrowest room that a layout has for a bar ends. */
const edge = 63

/**
 * What stands beside a bar and along it: where the name would be cut, for long numbers leave no room for a second line of it,
 * numbers are in a power of ten, which the name says, or have two digits.
 */
function barTexts(ticks: readonly ColorBarTick[], name: string, size: number, room: number) {
  const texts = ticks.map(({ value }) => tickText(value))
  const plain = { texts, name }
  const widest = Math.max(...texts.map(text => sansWidth(text, size)))
  if (sansWidth(name, size) <= room || lastLine(tickGap + widest, size) <= nameAt.last) return plain
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

/** How far the middle of a name's second line is from the ramp. */
function lastLine(numbers: number, size: number): number {
  return Math.max(nameAt.only, numbers + 3 + 1.6 * size)
}

/**
 * A bar's name along it, in two lines where one would be cut and there is room beside the numbers.
 * @param room along the bar
 * @param numbers how far they reach from the ramp
 * @returns how far the middle of each line is from the ramp; all in CSS pixels
 */
function nameLines(name: string, size: number, room: number, numbers: number) {
  // Numbers of many letters push it on.
  const one = [{ text: name, from: Math.max(nameAt.only, numbers + 4 + size / 2) }]
  const last = lastLine(numbers, size)
  if (sansWidth(name, size) <= room || last > nameAt.last) return one
  const halves = inTwo(name, size)
  return halves?.map((text, i) => ({ text, from: last - (1 - i) * 1.1 * size })) ?? one
}

/**
 * A bar's name in as many lines of small letters as it takes, the first beside the numbers: a word that is longer than the bar goes on
 * in the next, and of more lines than there is room for the last is cut.
 */
function smallLines(name: string, size: number, room: number, numbers: number) {
  const lines: string[] = []
  for (const word of name.split(' ').flatMap(word => inPieces(word, size, room))) {
    const longer = [...lines.slice(-1), word].join(' ')
    if (lines.length > 0 && sansWidth(longer, size) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  const from = (i: number) => numbers + 3 + (0.55 + 1.1 * i) * size
  const fitting = lines.findIndex((_, i) => i > 0 && from(i) + size / 2 > edge)
  const shown =
    fitting < 0 ? lines : [...lines.slice(0, fitting - 1), lines.slice(fitting - 1).join(' ')]
  return shown.map((text, i) => ({ text, from: from(i) }))
}

/** A word in pieces that are no longer than the room for them, all but the last with a hyphen. */
function inPieces(word: string, size: number, room: number): string[] {
  const letters = [...word]
  if (sansWidth(word, size) <= room) return [word]
  let count = 1
  while (
    count < letters.length &&
    sansWidth(`${letters.slice(0, count + 1).join('')}-`, size) <= room
  )
    count++
  // Where not even some letters fit there is nothing to be won.
  if (count < 3 || letters.length - count < 2) return [word]
  const rest = letters.slice(count).join('')
  return [`${letters.slice(0, count).join('')}-`, ...inPieces(rest, size, room)]
}

/** A text in two lines, the longer as short as can be; null where it is one word. */
function inTwo(text: string, size: number): readonly [string, string] | null {
  const words = text.split(' ')
  const breaks = words.slice(1).map((_, i): [string, string] => {
    return [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]
  })
  const longer = (lines: readonly string[]) => Math.max(...lines.map(line => sansWidth(line, size)))
  return breaks.toSorted((a, b) => longer(a) - longer(b))[0] ?? null
}

/** What the colours of a bar stand for. */
export function colorBarTitle(unit: string, scale: ValueScale): string {
  return scale === 'linear' ? unit : `${unit}, as ${valueScaleFormulas[scale]}`
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
