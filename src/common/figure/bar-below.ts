import {
  colorBar,
  colorBarTicks,
  fitsAlong,
  rangeNote,
  scaleWords,
  ticksAlong,
  tickText,
  type BarPlace,
  type BarWords,
  type ColorBarTick
} from './color-bar.ts'
import { cssColor, type Coloring } from './color-table.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type RectMark } from './mark.ts'
import { titleLeft } from './title-marks.ts'
import { sansWidth, textWidth, wordsInRoom } from './text-width.ts'

/** Of a bar that lies: its colours in steps of whole pixels, how long they are, its numbers, and its lines, of the size of letters. */
const lying = {
  step: 4,
  least: 120,
  most: 240,
  apart: 60,
  height: 9,
  line: 1.2
} as const
const gap = 5

/** What of a look a bar that lies says. */
type BarLook = Pick<Look, 'scale' | 'range' | 'sans' | 'size' | 'still' | 'follows' | 'shared'>

/** The room of a panel on paper: where its map begins, and how wide it is. */
interface BelowRoom {
  readonly left: number
  readonly width: number
}

/** Where a bar stands beside a map, and what it says there that is its own; null where none does. */
interface BarLayout {
  readonly bar: BarPlace | null
  readonly own?: BarWords | undefined
}

/**
 * The layout of a map, with its bar below it on paper where the bar would be too short beside it for what stands along that.
 * @param layoutOf in a look
 */
export function withWholeBar<L extends BarLayout>(
  look: Look,
  unit: string,
  layoutOf: (look: Look) => L
): L {
  const layout = layoutOf(look)
  const { bar, own } = layout
  const isCut = look.still === true && bar !== null && !fitsAlong(look, unit, bar.height, own)
  return isCut ? layoutOf({ ...look, bar: 'below' }) : layout
}

/**
 * What the bar of a map takes below it, on paper, where nothing else says what its colours stand for.
 * @param hasBar whether there is one beside it
 * @returns 0 of a map that has one beside it, or beside another, or of one on a screen
 */
export function roomBelow(
  look: BarLook & Pick<Look, 'bar'>,
  hasBar: boolean,
  unit: string,
  room: BelowRoom,
  own?: BarWords
): number {
  if (look.still !== true || look.bar === false || hasBar) return 0
  const { below } = placedBelow(look, unit, room, own)
  const lines = (1 + below.length) * lying.line
  // To the foot of its last line.
  return Math.ceil((lying.line / 2 + lines + 0.5) * look.size)
}

/**
 * A bar that takes that room: of all colours, above the values of its ends and of some between, with what they stand for behind it or,
 * where that is too long, below, in as many lines as it takes.
 * @param top where the room for it begins
 */
export function barBelow(
  look: Look,
  hasBar: boolean,
  coloring: Coloring,
  unit: string,
  { top, ...room }: BelowRoom & { readonly top: number },
  own?: BarWords
): Mark[] {
  if (roomBelow(look, hasBar, unit, room, own) === 0) return []
  const { paper, ink, faint, sans, size } = look
  const { x, width, length, numbers, behind, below } = placedBelow(look, unit, room, own)
  const y = top + (lying.line / 2) * size
  const words = { font: sans, size }
  const steps = length / lying.step
  return [
    // Each reaches to the end, under those that follow: nothing is seen between them.
    ...Array.from({ length: steps }, (_, i): RectMark => ({
      kind: 'rect',
      x: x + i * lying.step,
      y: y - lying.height / 2,
      width: length - i * lying.step,
      height: lying.height,
      fill: cssColor(coloring, i / (steps - 1), paper),
      line: null
    })),
    ...numbers.map(({ text, at, align }) =>
      textMark({ ...words, text, x: x + at, y: y + lying.line * size, align, color: ink })
    ),
    ...behind.map(text => textMark({ ...words, text, x: x + length + 2 * gap, y, color: faint })),
    ...below.map((text, i) =>
      textMark({
        ...{ ...words, text, x, y: y + (2 + i) * lying.line * size, room: width },
        color: faint
      })
    )
  ]
}

/** The bar of a map: where it stands beside that, or on paper below, where that room begins. */
export function barMarks(
  look: Look,
  bar: BarPlace | null,
  coloring: Coloring,
  unit: string,
  room: BelowRoom & { readonly top: number },
  own?: BarWords
): Mark[] {
  return bar === null
    ? barBelow(look, false, coloring, unit, room, own)
    : colorBar(look, coloring, unit, bar, own)
}

/** How wide a bar that lies is at least, in CSS pixels: the values of its ends lie apart. */
export function lyingBarWidth({
  scale,
  range,
  size
}: Pick<Look, 'scale' | 'range' | 'size'>): number {
  const ends = colorBarTicks(scale, range, 0).map(({ value }) => sansWidth(tickText(value), size))
  return Math.max(lying.least, 2 * gap + 2 * Math.max(...ends))
}

/** It begins where the map does or, where that leaves it too little room or its name would take more lines, where titles do. */
function placedBelow(look: BarLook, unit: string, { left, width }: BelowRoom, own?: BarWords) {
  const right = width - titleLeft
  const ways = [left, titleLeft]
    .filter(x => x === titleLeft || x + lyingBarWidth(look) <= right)
    .map(x => ({ x, width: right - x, ...written(look, unit, right - x, own) }))
  const lines = ({ below }: (typeof ways)[0]) => Math.max(1, below.length)
  return ways.toSorted((a, b) => lines(a) - lines(b))[0]!
}

/** How long its colours are, the values along them, and what they stand for: behind them, or below. */
function written(look: BarLook, unit: string, width: number, own?: BarWords) {
  const { scale, sans: font, size } = look
  const wide = (line: string) => textWidth(line, { font, size })
  const note = own?.note ?? rangeNote(look)
  const more = [...(own ? [] : scaleWords(scale)), note].filter(part => part !== '')
  const text = [unit, ...more].join(', ')
  const beside = width - 2 * gap - wide(text)
  const fits = beside >= lyingBarWidth(look)
  const long = Math.min(lying.most, fits ? beside : width)
  const length = Math.max(1, Math.floor(long / lying.step)) * lying.step
  const numbers = numbersApart(ticksAlong(look, length, lying.apart, own), length, size)
  // What is said of its scale or its range is not parted.
  const [name, ...others] = [unit, ...more].map((part, i) => (i < more.length ? `${part},` : part))
  const below = fits ? [] : wordsInRoom([...name!.split(' '), ...others], width, wide)
  return { length, numbers, behind: fits ? [text] : [], below }
}

/** Values below a bar, within its length: those of its ends, and of what is between all that lie apart. */
function numbersApart(ticks: readonly ColorBarTick[], length: number, size: number) {
  const sorted = ticks.toSorted((a, b) => a.position - b.position)
  const all = sorted.map(({ value, position }, i) => {
    const text = tickText(value)
    const wide = sansWidth(text, size)
    const ends = i === 0 ? 'left' : 'right'
    const align = i > 0 && i < sorted.length - 1 ? 'center' : ends
    const at = position * length
    const left = at - { left: 0, center: 0.5, right: 1 }[align] * wide
    return { text, at, align, left, right: left + wide } as const
  })
  const last = all.at(-1)!
  return all.reduce<typeof all>((shown, number) => {
    const before = shown.at(-1)
    const isApart =
      before === undefined ||
      number === last ||
      (number.left - before.right >= gap && last.left - number.right >= gap)
    return isApart ? [...shown, number] : shown
  }, [])
}
