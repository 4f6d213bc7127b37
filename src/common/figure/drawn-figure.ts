import { counted } from '../text/number-text.ts'
import type { FigureKind, Panel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import type { Mark } from './mark.ts'
import { presets, type FigurePreset, type FigureWish } from './presets.ts'
import { rowGap, rowOfPanels } from './row-of-panels.ts'
import { monoWidth } from './text-width.ts'
import { mmOfPixels, pixelsOfMm, pixelsOfPoints, pointsOfPixels } from './units.ts'

/** A figure that is drawn for a file. */
export interface DrawnFigure {
  readonly panel: Panel
  readonly look: Look
  readonly wish: FigureWish
  /** What its colours, axes or bars stand for; empty where that says itself. */
  readonly shows: string
  /** As it is printed. */
  readonly widthMm: number
  readonly heightMm: number
  /** Of its labels as they are printed, in points. */
  readonly points: number
  /** What of it is not as the preset asks, a line each. */
  readonly faults: readonly string[]
  /** How well its colours are told apart, in words; empty where none stand for values. */
  readonly colors: string
}

const serif = { sans: 'Tinos, serif' } as const

/**
 * Draws a figure as it is wanted: anew in the width that is asked for, where its kind can be; else as it is, to be
 * printed smaller or larger.
 * @param size the room that it has on the screen; its own where it is left out
 */
export function drawnFigure<D extends { readonly title: string | null }>(
  kind: FigureKind<D>,
  data: D,
  look: Look,
  wish: FigureWish,
  size?: Size
): DrawnFigure {
  const preset: FigurePreset = presets[wish.preset]
  const anew = kind.resizes !== 'none' && wish.widthMm !== null
  const own: Look = { ...wishedLook(look, wish), ...(anew && { still: true }) }
  const shown = wish.title ? data : { ...data, title: null }
  const natural = size ?? kind.natural(shown, own)
  const width = wish.widthMm === null ? natural.width : pixelsOfMm(wish.widthMm)
  const room = wish.letter === '' ? 0 : letterRoom(own)
  const most = preset.mostHeightMm === null ? Infinity : pixelsOfMm(preset.mostHeightMm) - room
  const least = kind.least?.(shown, own) ?? { width: 0, height: 0 }
  // Where there is less room than it needs it is printed smaller.
  const drawn = anew
    ? { ...natural, ...resized(kind, natural, Math.max(width, least.width), most, least.height) }
    : natural
  const whole = kind.panel(shown, own, drawn)
  const panel = anew ? trimmed(whole) : whole
  const print = printed(panel, own, wish, width)
  const nameless = wish.widthMm === null ? 0 : unnamed(panel)
  const faults = nameless > 0 ? [noNames(nameless)] : []
  return { ...print, shows: kind.shows(shown), faults: [...print.faults, ...faults] }
}

/** A look with the letters that are wished for. */
export function wishedLook(look: Look, wish: FigureWish): Look {
  const points = wish.points ?? presets[wish.preset].points
  return {
    ...look,
    ...(wish.font === 'serif' && serif),
    ...(points !== null && { size: pixelsOfPoints(points) }),
    ...(wish.bar === false && { bar: wish.bar })
  }
}

/**
 * Draws figures in a row, as one: of the width that is asked for each takes as much as it is wide beside the others.
 * @param draw what draws each for a wish
 * @param names what stands above each
 * @param title of all of them; null where each has its own
 */
export function drawnInRow(
  draw: readonly ((wish: FigureWish) => DrawnFigure)[],
  names: readonly string[],
  wish: FigureWish,
  title: string | null = null
): DrawnFigure {
  const own = draw.map(one => one({ ...wish, widthMm: null, letter: '' }))
  const drawn = wish.widthMm === null ? own : inWidth(draw, own, wish, wish.widthMm)
  const { look } = drawn[0]!
  const parts = drawn.map(({ panel }, i) => ({ caption: names[i]!, panel }))
  const panel = rowOfPanels(wish.title ? title : null, parts, look)
  const width = wish.widthMm === null ? panel.width : pixelsOfMm(wish.widthMm)
  return { ...printed(panel, look, wish, width), shows: shownOf(drawn.map(({ shows }) => shows)) }
}

/** What figures beside each other show, each once. */
export function shownOf(all: readonly string[]): string {
  return [...new Set(all)].filter(text => text !== '').join('; ')
}

function inWidth(
  draw: readonly ((wish: FigureWish) => DrawnFigure)[],
  own: readonly DrawnFigure[],
  wish: FigureWish,
  widthMm: number
): DrawnFigure[] {
  const all = own.reduce((sum, { panel }) => sum + panel.width, 0)
  const room = widthMm - mmOfPixels(rowGap) * (draw.length - 1)
  return draw.map((one, i) =>
    one({ ...wish, widthMm: (room * own[i]!.panel.width) / all, letter: '' })
  )
}

/**
 * Letters of fewer points are hardly read in print.
 * @source the least that Nature's instructions allow
 */
const legible = 5

/** A panel as it is printed so many pixels wide, with what of it is not as the preset asks. */
export function printed(panel: Panel, own: Look, wish: FigureWish, width: number): DrawnFigure {
  const preset: FigurePreset = presets[wish.preset]
  const points = wish.points ?? preset.points
  const room = wish.letter === '' ? 0 : letterRoom(own)
  const scale = width / panel.width
  const heightMm = mmOfPixels((panel.height + room) * scale)
  const letters = pointsOfPixels(own.size * scale)
  const faults: string[] = []
  if (preset.mostHeightMm !== null && heightMm > preset.mostHeightMm + 0.01)
    faults.push(
      `${heightMm.toFixed(0)} mm high, over the ${preset.mostHeightMm} mm that there are: show a part of it`
    )
  if (points !== null && letters < points - 0.05)
    faults.push(
      `Its letters are ${letters.toFixed(1)} pt, not ${points} pt: it is made smaller, for it cannot be drawn anew in this width`
    )
  else if (points !== null && letters > points + 0.05)
    faults.push(
      `Its letters are ${letters.toFixed(1)} pt, not ${points} pt: it is made larger, for it cannot be drawn anew in this width`
    )
  else if (wish.widthMm !== null && letters < legible)
    faults.push(
      `Its letters are ${letters.toFixed(1)} pt, fewer than the ${legible} pt that are read in print: give it more width, or show a part of it`
    )
  const print = { widthMm: mmOfPixels(width), heightMm, points: letters }
  return { panel, look: own, wish, ...print, faults, shows: '', colors: colorsText(panel, own) }
}

function noNames(count: number): string {
  return `${counted(count, 'point')} without a name, which would lie over others: give it more width`
}

/** How many points of a chart have no room for their name. */
function unnamed(panel: Panel): number {
  if (panel.kind === 'row') return panel.parts.reduce((sum, part) => sum + unnamed(part.panel), 0)
  if (panel.kind !== 'chart') return 0
  const items = [panel.option.series ?? []].flat().flatMap(({ data }) => (data ?? []) as unknown[])
  return items.filter(
    item => (item as { label?: { show?: boolean } } | null)?.label?.show === false
  ).length
}

/** What is to be known of the colours of values: whether equal steps look equal, and who tells them apart. */
function colorsText(panel: Panel, look: Look): string {
  if (panel.kind === 'row') {
    const own = panel.parts.map(part => colorsText(part.panel, look))
    return [...new Set(own)].filter(text => text !== '').join(' ')
  }
  if (panel.kind !== 'map' || panel.rasters.length === 0) return ''
  if (panel.rasters.some(({ scene }) => scene.values.some(value => value < 0)))
    return 'Diverging colours, blue below zero and red above: safe for the colour-blind; in grey both ends look alike.'
  return `Colours ${look.colorMap}: perceptually uniform, safe for the colour-blind, and readable in grey.`
}

/** Room above a figure for the letter that names it. */
export function letterRoom({ size }: Pick<Look, 'size'>): number {
  return Math.ceil(size * 1.8)
}

/** Without the room below that a map of another shape leaves. */
function trimmed(panel: Panel): Panel {
  if (panel.kind !== 'map') return panel
  const ends = [...panel.rasters.map(({ top, height }) => top + height), ...panel.marks.map(lowest)]
  return { ...panel, height: Math.min(panel.height, Math.ceil(Math.max(...ends, 0) + margin)) }
}

const margin = 4

function lowest(mark: Mark): number {
  if (mark.kind === 'spot') return 0
  if (mark.kind === 'rect') return mark.y + mark.height
  if (mark.kind === 'line') return Math.max(...mark.points.map(([, y]) => y))
  // A text that runs upwards may begin, or have its middle or end, at its place.
  const along = { left: 0, center: 0.5, right: 1 }[mark.align] * monoWidth(mark.text, mark.size)
  return mark.y + (mark.upright ? along : mark.size / 2)
}

/** Another width, and the height that goes with it. */
function resized<D>(
  { resizes }: Pick<FigureKind<D>, 'resizes'>,
  natural: Size,
  width: number,
  most: number,
  least: number
): Pick<Size, 'width' | 'height'> {
  if (resizes === 'width') return { width, height: natural.height }
  const shaped = Math.max(least, (natural.height * width) / natural.width)
  return { width, height: Math.min(most, shaped) }
}
