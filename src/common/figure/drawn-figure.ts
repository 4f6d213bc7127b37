import { spanOf } from '../data/span-of.ts'
import { counted } from '../text/number-text.ts'
import type { FigureKind, Panel, Raster, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { pillWidth, type Mark, type TextMark } from './mark.ts'
import { sharedMeaning } from './one-bar.ts'
import { fonts, legiblePoints, presets, type FigurePreset, type FigureWish } from './presets.ts'
import { sizeIn } from './size-in.ts'
import { textWidth } from './text-width.ts'
import { titleLine, titleLines, underTitle } from './title-marks.ts'
import { mmOfPixels, pixelsOfMm, pixelsOfPoints, pointsOfPixels } from './units.ts'

/** A figure that is drawn for a file. */
export interface DrawnFigure {
  readonly panel: Panel
  readonly look: Look
  readonly wish: FigureWish
  /** How it is drawn where nothing is asked for; left out where that is as any figure is. */
  readonly plain?: FigureWish
  /** What its colours, axes or bars stand for; empty where that says itself. */
  readonly shows: string
  /** What its colours stand for, in the range of others; null where they are in its own, or of none. */
  readonly meaning: string | null
  /** As it is printed. */
  readonly widthMm: number
  readonly heightMm: number
  /** Of its labels as they are printed, in points. */
  readonly points: number
  /** Of the smallest of them. */
  readonly smallest: number
  /** What of it is not as the preset asks, a line each. */
  readonly faults: readonly string[]
  /** How well its colours are told apart, in words; empty where none stand for values. */
  readonly colors: string
}

/**
 * Draws a figure as it is wanted: anew in the width that is asked for, or in the one that it needs, to be printed smaller.
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
  const anew = wish.widthMm !== null
  const own: Look = { ...wishedLook(look, wish), ...(anew && { still: true }) }
  const whole = wish.title ? data : { ...data, title: null }
  const natural = size ?? kind.natural(whole, own)
  const width = wish.widthMm === null ? natural.width : pixelsOfMm(wish.widthMm)
  const drawnUnder = (title: readonly string[]) => {
    // The kind has room for the last line of its title.
    const shown = { ...whole, title: title.at(-1) ?? null }
    const above = Math.max(0, title.length - 1) * titleLine(own)
    const room = above + (wish.letter === '' ? 0 : letterRoom(own))
    const most = wish.widthMm === null ? Infinity : pixelsOfMm(preset.mostHeightMm) - room
    const asked = wish.heightMm === undefined ? null : pixelsOfMm(wish.heightMm)
    const high = asked === null ? null : asked - above
    // Where there is less room than it needs it is printed smaller.
    const drawn = anew ? sizeIn(kind, shown, own, width, natural, high, most) : natural
    const made = kind.panel(shown, own, drawn)
    // What keeps the room that it needs reaches beyond a narrow panel: that gets as large as it, and is printed smaller.
    const around = anew ? aroundAll(made) : made
    const all = asked === null ? around : asHigh(around, (asked * around.width) / width - above)
    return underTitle(title, all, own)
  }
  const lines = titleLines(whole.title, own, width)
  const narrow = drawnUnder(lines)
  // One that is printed smaller has room for longer lines.
  const longer = titleLines(whole.title, own, narrow.width)
  const panel = longer.length < lines.length ? drawnUnder(longer) : narrow
  const print = printed(panel, own, wish, width)
  const nameless = wish.widthMm === null ? 0 : unnamed(panel)
  const faults = nameless > 0 ? [noNames(nameless)] : []
  return {
    ...{ ...print, faults: [...print.faults, ...faults], shows: kind.shows(whole, own) },
    meaning: sharedMeaning({ kind: kind.name, data, look: own })
  }
}

/** A look with the letters that are wished for. */
export function wishedLook(look: Look, wish: FigureWish): Look {
  const preset: FigurePreset = presets[wish.preset]
  const points = wish.points ?? preset.points
  const { families } = fonts[wish.font]
  return {
    ...look,
    ...(families !== null && { sans: families }),
    ...(points !== null && { size: pixelsOfPoints(points) }),
    ...(preset.mostPoints !== undefined && { most: pixelsOfPoints(preset.mostPoints) }),
    ...(wish.bar !== undefined && { bar: wish.bar })
  }
}

/** A panel as it is printed so many pixels wide, with what of it is not as the preset asks. */
export function printed(panel: Panel, own: Look, wish: FigureWish, width: number): DrawnFigure {
  const preset: FigurePreset = presets[wish.preset]
  const points = wish.points ?? preset.points
  const room = wish.letter === '' ? 0 : letterRoom(own)
  const scale = width / panel.width
  const heightMm = mmOfPixels((panel.height + room) * scale)
  const letters = pointsOfPixels(own.size * scale)
  const { low, high } = lettersOf(panel, own.size)
  const [smallest, largest] = [low, high].map(size => pointsOfPixels(size * scale)) as [
    number,
    number
  ]
  const overPage = tooHigh(heightMm, wish)
  const size = { points, letters, smallest }
  const faults = [
    // What is over a page is over what it is given.
    ...(overPage.length > 0
      ? overPage
      : higherThan(wish.heightMm, mmOfPixels(panel.height * scale))),
    ...(wish.widthMm !== null && isHardlyRead(smallest) ? [tooSmall(size)] : otherThan(size)),
    ...tooLarge('largest letters', largest, preset)
  ]
  const print = { widthMm: mmOfPixels(width), heightMm, points: letters, smallest }
  return {
    panel,
    look: own,
    wish,
    ...print,
    faults,
    shows: '',
    meaning: null,
    colors: colorsText(panel, own)
  }
}

/** Letters of a figure, in points: as large as is asked, as they are printed, and the smallest. */
interface LetterSizes {
  readonly points: number | null
  readonly letters: number
  readonly smallest: number
}

/** That letters cannot be read in print, and why they are so small where that is not what is asked. */
function tooSmall({ points, letters, smallest }: LetterSizes): string {
  const least = `smaller than the ${legiblePoints} pt that are read in print`
  const parts = smallest < letters - 0.05
  const help = 'give it more width, or show a part of it'
  if (points === null || letters > points - 0.05)
    return `Its ${parts ? 'smallest letters' : 'letters'} are ${smallest.toFixed(1)} pt, ${least}: ${help}`
  const small = parts ? `the smallest ${smallest.toFixed(1)} pt, ${least}` : least
  return `Its letters are ${letters.toFixed(1)} pt, not ${points} pt, ${small}: it is made smaller, for it cannot be drawn anew in this width; ${help}`
}

/** That letters are not as large as is asked, as they are where a figure is printed smaller or larger; nothing where they are. */
function otherThan({ points, letters }: LetterSizes): string[] {
  if (points === null || Math.abs(letters - points) <= 0.05) return []
  const made = letters < points ? 'smaller' : 'larger'
  return [
    `Its letters are ${letters.toFixed(1)} pt, not ${points} pt: it is made ${made}, for it cannot be drawn anew in this width`
  ]
}

function isHardlyRead(points: number): boolean {
  return points < legiblePoints - 0.05
}

/** That a figure of a width on paper is higher than a page; nothing where it is not. @param help what makes it lower */
export function tooHigh(
  heightMm: number,
  { preset, widthMm }: Pick<FigureWish, 'preset' | 'widthMm'>,
  help = 'show a part of it'
): string[] {
  const { mostHeightMm } = presets[preset]
  if (widthMm === null || heightMm <= mostHeightMm + 0.01) return []
  const page = preset === 'screen' ? 'an A4 page has within its margins' : 'there are'
  const high = `${heightMm.toFixed(0)} mm high, over the ${mostHeightMm.toFixed(0)} mm that ${page}`
  return [`${high}: ${help}`]
}

/** That a figure takes more than the height that it is given; nothing where it does not. */
function higherThan(given: number | undefined, heightMm: number): string[] {
  if (given === undefined || heightMm <= given + 0.1) return []
  return [
    `${heightMm.toFixed(1)} mm high, over the ${given} mm that it is given: it needs as much in this width`
  ]
}

/** That letters are larger than a preset allows; nothing where they are not. */
export function tooLarge(
  which: 'largest letters' | 'titles',
  points: number,
  { text, mostPoints }: FigurePreset
): string[] {
  if (mostPoints === undefined || points <= mostPoints + 0.05) return []
  return [`Its ${which} are ${points.toFixed(1)} pt, over the ${mostPoints} pt that ${text} allows`]
}

/** How large letters are printed: also the smallest, where some are smaller. */
export function lettersText({
  points,
  smallest
}: Pick<DrawnFigure, 'points' | 'smallest'>): string {
  const usual = `letters ${points.toFixed(1)} pt`
  return smallest < points - 0.05 ? `${usual}, the smallest ${smallest.toFixed(1)} pt` : usual
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

/** With room below it, where it is not as high as it is asked to be. */
export function asHigh(panel: Panel, height: number): Panel {
  return panel.kind === 'chart' ? panel : { ...panel, height: Math.max(panel.height, height) }
}

/** As wide and as high as what is drawn, without the room below that a map of another shape leaves. */
function aroundAll(panel: Panel): Panel {
  if (panel.kind !== 'map') return panel
  const ends = [...panel.rasters.map(raster => rectEnd(raster)), ...panel.marks.map(markEnd)]
  const right = spanOf(ends.map(({ right }) => right)).high
  const bottom = spanOf(ends.map(({ bottom }) => bottom)).high
  const height = Math.min(panel.height, Math.ceil(Math.max(0, bottom) + margin))
  return {
    ...panel,
    width: right > panel.width + rounding ? Math.ceil(right + margin) : panel.width,
    height: Math.max(height, Math.ceil(bottom + halfLine))
  }
}

const margin = 4
/** Of what has no line around it; of texts as much again, for widths of letters are estimated. */
const slack = 1
/** Half of the line around a rectangle: all of a frame lies within its panel. */
const halfLine = 0.5
const rounding = 0.01

interface End {
  readonly right: number
  readonly bottom: number
}

function markEnd(mark: Mark): End {
  switch (mark.kind) {
    case 'spot':
      return { right: 0, bottom: 0 }
    case 'rect':
      return rectEnd({ ...mark, left: mark.x, top: mark.y }, mark.line !== null)
    case 'line':
      return {
        right: spanOf(mark.points.map(([x]) => x)).high - slack,
        bottom: spanOf(mark.points.map(([, y]) => y)).high
      }
    case 'text':
      return textEnd(mark)
  }
}

function rectEnd(
  { left, top, width, height }: Pick<Raster, 'left' | 'top' | 'width' | 'height'>,
  hasLine = false
): End {
  return { right: left + width + (hasLine ? halfLine : -slack), bottom: top + height }
}

/** A text may begin, or have its middle or end, at its place; one that runs upwards ends below it. */
function textEnd(mark: TextMark): End {
  const { text, x, y, size, align, upright, pill, room } = mark
  const wide = pill === null ? textWidth(text, mark) : pillWidth(text, size)
  const long = Math.min(room ?? Infinity, wide)
  if (upright)
    return {
      right: x + size / 2 - slack,
      bottom: y + { left: 0, center: 0.5, right: 1 }[align] * long
    }
  const right = x + { left: 1, center: 0.5, right: 0 }[align] * long - 2 * slack
  return { right, bottom: y + size / 2 }
}

/** How small and how large letters of a panel are, in CSS pixels; those of what has none are as large as a look has them. */
function lettersOf(panel: Panel, usual: number): { readonly low: number; readonly high: number } {
  const same = (size: number) => ({ low: size, high: size })
  if (panel.kind === 'chart') return same(usual * (panel.scale ?? 1))
  const own = panel.marks.flatMap(mark =>
    mark.kind === 'text' && mark.text.trim() !== '' ? mark.size : []
  )
  const parts = panel.kind === 'row' ? panel.parts.map(part => lettersOf(part.panel, usual)) : []
  return spanOf([...own, ...parts.flatMap(({ low, high }) => [low, high])], same(usual))
}
