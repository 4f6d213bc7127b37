import { asHigh, printed, type DrawnFigure } from './drawn-figure.ts'
import type { Panel } from './figure-kind.ts'
import type { Look } from './look.ts'
import { haveOneBar, oneBar, oneBarRoom } from './one-bar.ts'
import type { FigureWish } from './presets.ts'
import { captionsRoom, columnOfPanels, rowGap, rowOfPanels } from './row-of-panels.ts'
import { titleLine, titleLines, titleRoom, underTitle } from './title-marks.ts'
import { mmOfPixels, pixelsOfMm } from './units.ts'

/** What draws a figure for a wish. */
type Draw = (wish: FigureWish) => DrawnFigure

/** Figures that are drawn together, and what stands above each. */
interface Together {
  readonly draw: readonly Draw[]
  readonly names: readonly string[]
  readonly look: Look
  /** Without the height that is asked for. */
  readonly wish: FigureWish
  /** The height that is asked for, in CSS pixels; null for none. */
  readonly asked: number | null
  /** Each in its own size, and so without its bar. */
  readonly own: readonly DrawnFigure[]
  readonly bare: readonly DrawnFigure[]
  /** One has the bar of all. */
  readonly isShared: boolean
}

/** The same as one panel. */
interface Arranged {
  readonly parts: readonly DrawnFigure[]
  readonly panel: Panel
}

/**
 * Draws figures in a row, as one: of the width that is asked for each takes as much as it is wide beside the others; where that is
 * less than one needs, or maps are larger so in the height that is asked for, one below the other. On a page those whose colours
 * stand for the same have one bar.
 * @param names what stands above each
 * @param title of all of them; null where each has its own
 */
export function drawnInRow(
  draw: readonly Draw[],
  names: readonly string[],
  { heightMm, ...wish }: FigureWish,
  title: string | null = null
): DrawnFigure {
  const own = draw.map(one => one({ ...wish, widthMm: null, letter: '' }))
  const { look } = own[0]!
  const natural = own.reduce((sum, { panel }) => sum + panel.width, rowGap * (draw.length - 1))
  const width = wish.widthMm === null ? natural : pixelsOfMm(wish.widthMm)
  const bare =
    wish.widthMm === null
      ? own
      : draw.map(one => one({ ...wish, widthMm: null, letter: '', bar: false }))
  const asked = heightMm === undefined ? null : pixelsOfMm(heightMm)
  const isShared = haveOneBar(own.map(({ meaning, look: { bar } }) => ({ meaning, bar })))
  const all: Together = { draw, names, look, wish, asked, own, bare, isShared }
  const lines = titleLines(wish.title ? title : null, look, width)
  const narrow = arranged(all, lines, width, width)
  // What is printed smaller has room for longer lines, and its letters take less of the height.
  const wide = narrow.panel.width
  const { parts, panel } =
    wide > width + 1
      ? arranged(all, titleLines(wish.title ? title : null, look, wide), width, wide)
      : narrow
  const shows = shownOf(parts.map(({ shows }) => shows))
  const whole = { ...wish, ...(heightMm !== undefined && { heightMm }) }
  return { ...printed(panel, look, whole, width), shows }
}

/** What figures beside each other show, each once. */
export function shownOf(all: readonly string[]): string {
  return [...new Set(all)].filter(text => text !== '').join('; ')
}

/**
 * Figures under the lines of their title, as they are best in a width.
 * @param wide how wide all of them come out, to be printed in that width
 */
function arranged(all: Together, lines: readonly string[], width: number, wide: number): Arranged {
  const { names, look, own, wish, asked } = all
  const above = lines.length === 0 ? 0 : titleRoom + (lines.length - 1) * titleLine(look)
  const together = (parts: readonly DrawnFigure[], of: typeof rowOfPanels): Arranged => {
    const captioned = parts.map(({ panel }, i) => ({ caption: names[i]!, panel }))
    const panel = underTitle(lines, of(lines.at(-1) ?? null, captioned, look, width), look)
    return { parts, panel: asked === null ? panel : asHigh(panel, (asked * panel.width) / width) }
  }
  if (wish.widthMm === null) return together(own, rowOfPanels)
  const room = { width, wide, above }
  const row = inRow(all, room)
  const isRow = row.every(fits)
  if (isRow && asked === null) return together(row, rowOfPanels)
  const column = together(inColumn(all, room), columnOfPanels)
  return isRow ? better(together(row, rowOfPanels), column, width, asked!) : column
}

/** The one that keeps the height that is asked for, or else whose maps are larger; the first where they are alike. */
function better(first: Arranged, second: Arranged, width: number, asked: number): Arranged {
  const shown = [first, second].map(one => {
    const scale = width / one.panel.width
    const keeps = one.panel.height * scale <= asked + 1
    return { one, keeps: Number(keeps), area: mapArea(one.panel) * scale ** 2 }
  })
  return shown.toSorted((a, b) => b.keeps - a.keeps || b.area - a.area)[0]!.one
}

/** How much of a panel maps take. */
function mapArea(panel: Panel): number {
  if (panel.kind === 'chart') return 0
  if (panel.kind === 'row') return panel.parts.reduce((sum, part) => sum + mapArea(part.panel), 0)
  const cells = panel.plots?.filter(plot => plot.cells !== undefined) ?? []
  return [...panel.rasters, ...cells].reduce((sum, { width, height }) => sum + width * height, 0)
}

/** Whether it is no wider than what it was to be drawn in, so that its letters keep their size. */
function fits({ panel, widthMm }: DrawnFigure): boolean {
  return panel.width <= pixelsOfMm(widthMm) + 1
}

/** What there is for figures on a page, in CSS pixels. */
interface Room {
  readonly width: number
  readonly wide: number
  /** What the title of all of them takes. */
  readonly above: number
}

/** Each as wide as it is beside the others, and as high as is asked. */
function inRow(all: Together, { width, wide, above }: Room): DrawnFigure[] {
  const { names, look, own, bare, isShared, asked } = all
  const naturals = (isShared ? bare : own).map(({ panel }) => panel.width)
  const share = (width - rowGap * (own.length - 1)) / sumOf(naturals)
  const widths = naturals.map(natural => natural * share)
  const told = above + captionsRoom(names, widths, look)
  const high = asked === null ? null : asked - (told * width) / wide
  return drawnIn(all, 'row', widths, lying => high && high - lying)
}

/** Each as wide as all, in its share of the height that is asked for. */
function inColumn(all: Together, { width, wide, above }: Room): DrawnFigure[] {
  const { names, look, own, asked } = all
  const told = above + sumOf(names.map(name => captionsRoom([name], [wide], look)))
  const high = asked === null ? null : asked - (told * width) / wide
  const widths = own.map(() => width)
  return drawnIn(all, 'column', widths, lying => high && (high - lying) / own.length)
}

/**
 * Each in its width; where they have one bar their maps are alike.
 * @param highOf how high each is without it, by what it takes; null for as high as goes with its width
 */
function drawnIn(
  { draw, wish, isShared }: Together,
  way: 'row' | 'column',
  widths: readonly number[],
  highOf: (lying: number) => number | null
): DrawnFigure[] {
  const one = (i: number, height: number | null, bar?: FigureWish['bar']) =>
    draw[i]!(wishIn(wish, widths[i]!, height, bar))
  if (!isShared) return draw.map((_, i) => one(i, highOf(0)))
  const bars = oneBar(draw.length, way)
  const holder = bars.indexOf('below')
  const lying = oneBarRoom(bar => pixelsOfMm(one(holder, null, bar).heightMm))
  const high = highOf(lying)
  return bars.map((bar, i) => one(i, high && (bar === 'below' ? high + lying : high), bar))
}

/** One of several in so many pixels. */
function wishIn(
  wish: FigureWish,
  width: number,
  height: number | null,
  bar?: FigureWish['bar']
): FigureWish {
  return {
    ...{ ...wish, widthMm: mmOfPixels(width), letter: '' },
    ...(height !== null && { heightMm: mmOfPixels(Math.max(1, height)) }),
    ...(bar !== undefined && { bar })
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
