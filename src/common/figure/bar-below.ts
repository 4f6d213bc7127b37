import {
  colorBar,
  colorBarTicks,
  fitsAlong,
  rangeNote,
  scaleWords,
  tickText,
  type BarPlace,
  type BarWords
} from './color-bar.ts'
import { cssColor, type Coloring } from './color-table.ts'
import type { Look } from './look.ts'
import { textMark, type Mark, type RectMark } from './mark.ts'
import { titleLeft } from './title-marks.ts'
import { sansWidth, textWidth, wordsInRoom } from './text-width.ts'

/** Of a bar that lies: its colours, which are these steps of whole pixels, and its lines, of the size of letters. */
const lying = { step: 4, steps: 20, height: 9, line: 1.5, next: 1.2 } as const
const gap = 5
/** From its last line to the edge of a figure. */
const edge = 2

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
  const lines = below.length === 0 ? 0 : lying.line + (below.length - 1) * lying.next
  // To the foot of its last line.
  return Math.ceil((lying.line / 2 + lines + 0.5) * look.size) + edge
}

/**
 * A bar that takes that room: of all colours, between the values of its ends, with what they stand for behind it or, where that is
 * too long, below, in as many lines as it takes.
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
  const { x, width, low, high, from, behind, below } = placedBelow(look, unit, room, own)
  const y = top + (lying.line / 2) * size
  const words = { font: sans, size }
  const ramp = x + sansWidth(low, size) + gap
  const length = lying.step * lying.steps
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
    textMark({ ...words, text: high, x: ramp + length + gap, y, color: ink }),
    ...behind.map(text => textMark({ ...words, text, x: x + from, y, color: faint })),
    ...below.map((text, i) =>
      textMark({
        ...{ ...words, text, x, y: y + (lying.line + lying.next * i) * size, room: width },
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

/** How wide a bar that lies is with the values of its ends, in CSS pixels. */
export function lyingBarWidth({
  scale,
  range,
  size
}: Pick<Look, 'scale' | 'range' | 'size'>): number {
  const ends = colorBarTicks(scale, range, 0).map(({ value }) => sansWidth(tickText(value), size))
  return lying.step * lying.steps + 2 * gap + 2 * Math.max(...ends)
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

/** The values of its ends, and what they stand for: behind the bar, so far from where that begins, or below. */
function written(look: BarLook, unit: string, width: number, own?: BarWords) {
  const { scale, range, sans: font, size } = look
  const wide = (line: string) => textWidth(line, { font, size })
  const ends = (own?.ticks ?? colorBarTicks(scale, range, 0)).toSorted(
    (a, b) => a.position - b.position
  )
  const [low, high] = [ends[0]!, ends.at(-1)!].map(({ value }) => tickText(value)) as [
    string,
    string
  ]
  const numbers = sansWidth(low, size) + sansWidth(high, size)
  const from = numbers + lying.step * lying.steps + 4 * gap
  const note = own?.note ?? rangeNote(look)
  const more = [...(own ? [] : scaleWords(scale)), note].filter(part => part !== '')
  const text = [unit, ...more].join(', ')
  const fits = from + wide(text) <= width
  // What is said of its scale or its range is not parted.
  const [name, ...others] = [unit, ...more].map((part, i) => (i < more.length ? `${part},` : part))
  const below = fits ? [] : wordsInRoom([...name!.split(' '), ...others], width, wide)
  return { low, high, from, behind: fits ? [text] : [], below }
}
