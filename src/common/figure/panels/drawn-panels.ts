import { LamellaError } from '../../model/errors.ts'
import { headingLetters } from '../bold-letters.ts'
import { beyondMarks, marksOf } from '../data-limits.ts'
import {
  letterRoom,
  printed,
  tooHigh,
  tooLarge,
  wishedLook,
  type DrawnFigure
} from '../drawn-figure.ts'
import type { Drawing } from '../drawing.ts'
import type { Panel, RowPanel } from '../figure-kind.ts'
import { hasRightToLeft, isolated } from '../../text/token-text.ts'
import { paperLook, type Look } from '../look.ts'
import { textMark } from '../mark.ts'
import { haveOneBar, oneBar, oneBarRoom, type SharedBar } from '../one-bar.ts'
import { plainWish, presets, type FigureWish } from '../presets.ts'
import { titleLeft } from '../title-marks.ts'
import { linesInRoom, sansWidth, textWidth } from '../text-width.ts'
import { mmOfPixels, pixelsOfMm, pointsOfPixels } from '../units.ts'
import { panelHeading, panelLetter, panelMark } from './panel-letter.ts'
import {
  closer,
  inRows,
  packed,
  panelGapMm,
  panelRows,
  rowGapMm,
  type PanelPlace
} from './panel-rows.ts'
import type { PanelWords } from './panel-words.ts'
import { scaledPanel } from './scaled-panel.ts'
import type { FigurePanel, Lettering, SessionFigure } from './session-figure.ts'

/** A panel that can be drawn, or why it cannot, in a line. */
export interface OpenedPanel
  extends Pick<FigurePanel, 'columns' | 'heightMm'>, Pick<PanelWords, 'title'> {
  readonly drawing: Drawing | string
  /** What its colours stand for: maps of a row of which that is the same have one bar. Left out where each has its own. */
  readonly meaning?: string | null
}

/** A rectangle in CSS pixels of the figure. */
export interface PanelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Of a row that has one bar of colours. */
  readonly bar?: SharedBar
}

/** A figure of panels as it is printed, and where each of them stands. */
export interface DrawnPanels extends DrawnFigure {
  readonly panel: RowPanel
  /** In the order of the panels, with what stands above each. */
  readonly boxes: readonly PanelBox[]
  /** What of each is not as the preset asks, a line each. */
  readonly panelFaults: readonly (readonly string[])[]
}

/** How a figure of a session is drawn. */
export type PanelsLayout = Pick<
  SessionFigure,
  'name' | 'preset' | 'widthMm' | 'points' | 'font' | 'background' | 'columns' | 'lettering'
>

const neutral: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}

/** What makes a page of several panels lower. */
const lower = 'have fewer panels, or more columns'

/** A page as it is, where nothing else is asked for. */
export function pageWish({ background }: Pick<PanelsLayout, 'background'>): FigureWish {
  return { ...plainWish, background }
}

/**
 * Draws panels on a page: each in the width of its columns, rows one below the other, or closer where these leave holes.
 * @param asked another preset or width than the figure's own, for a file; a wish for none leaves it as it is
 * @throws LamellaError `unsupported` where they are more than one page may have
 */
export function drawnPanels(
  layout: PanelsLayout,
  panels: readonly OpenedPanel[],
  asked?: FigureWish
): DrawnPanels {
  const { columns, lettering } = layout
  const wish = wishOf(layout, asked)
  const look = wishedLook(neutral, wish)
  const width = pixelsOfMm(wish.widthMm)
  const letters = headingLetters(look)
  const lineHeight = Math.ceil(letters.size * 1.25)
  const places = panelRows(
    panels.map(panel => panel.columns),
    columns,
    wish.widthMm
  )
  const sharesBar = (row: readonly PanelPlace[]) =>
    haveOneBar(row.map(({ index }) => ({ meaning: panels[index]!.meaning ?? null })))
  let taken = 0
  const rows = places.map(placed => {
    const bars = sharesBar(placed) ? oneBar(placed.length, 'row') : undefined
    const partOf = ({ index, widthMm }: PanelPlace, bar?: SharedBar, heightMm?: number) => {
      const own = {
        ...{ ...wish, widthMm },
        ...(heightMm !== undefined && { heightMm }),
        ...(bar !== undefined && { bar })
      }
      return drawnPart(panels[index]!.drawing, own, look)
    }
    const holder = placed[bars?.indexOf('below') ?? -1]
    // Of a height that is asked for a bar below takes some: all other maps are as much lower.
    const lyingMm =
      holder && panels[holder.index]!.heightMm
        ? oneBarRoom(bar => mmOfPixels(partOf(holder, bar).panel.height))
        : 0
    return placed.map((place, i) => {
      const { index, leftMm } = place
      const width = pixelsOfMm(place.widthMm)
      const heading = headingLines(index, lettering, panels[index]!.title, text =>
        linesInRoom(text, width - 2 * titleLeft, line => textWidth(line, letters))
      )
      const bar = bars?.[i]
      const asked = panels[index]!.heightMm ?? undefined
      const heightMm = asked && bar === false ? Math.max(1, asked - lyingMm) : asked
      const own = partOf(place, bar, heightMm)
      taken += marksOf(own.panel)
      refuseTooMuch(layout.name, index, lettering, taken)
      const isCut = heading.some(line => textWidth(line, letters) > width - 2 * titleLeft)
      const cut = isCut ? ['a word of its title is wider than it, and is cut'] : []
      const room = heading.length === 0 ? 0 : letterRoom(look) + (heading.length - 1) * lineHeight
      const faults = [...own.faults, ...cut]
      const at = { left: pixelsOfMm(leftMm), width, ...(bar !== undefined && { bar }) }
      return { ...at, heading, room, panel: own.panel, faults }
    })
  })
  const drawn = rows.flat()
  const gaps = { across: pixelsOfMm(panelGapMm), down: pixelsOfMm(rowGapMm) }
  const standing = places.some(sharesBar)
    ? inRows(rows, gaps.down)
    : closer(inRows(rows, gaps.down), packed(rows, width, gaps))
  const parts = drawn.map(({ panel }, i) => {
    const { left, top, room } = standing.panels[i]!
    return { left, top: top + room, panel }
  })
  const boxes = drawn.map(({ width, bar }, i) => {
    const { left, top, height } = standing.panels[i]!
    return { left, top, width, height, ...(bar !== undefined && { bar }) }
  })
  const marks = drawn.flatMap(({ heading, width }, i) => {
    const { left: x, top } = standing.panels[i]!
    return heading.map((text, line) =>
      textMark({
        ...{ text, x: x + titleLeft, y: top + letterRoom(look) / 2 + line * lineHeight },
        ...{ ...letters, color: look.ink, room: width - 2 * titleLeft }
      })
    )
  })
  const faults = drawn.flatMap(({ faults: own }, i) => {
    const mark = panelMark(i, panelLetter(i, lettering))
    return own.map(fault => `Panel ${mark}: ${fault}`)
  })
  const panel: RowPanel = {
    kind: 'row',
    ...{ width, height: Math.max(standing.height, 1), ratio: 1, paper: look.paper },
    parts,
    marks
  }
  const whole = printed(panel, look, wish, width)
  const titles = drawn.some(({ heading }) => heading.length > 0)
    ? tooLarge('titles', pointsOfPixels(letters.size), presets[wish.preset])
    : []
  // What is said of other letters each panel says for itself.
  return {
    ...{ ...whole, panel, boxes, plain: pageWish(layout) },
    faults: [
      ...tooHigh(whole.heightMm, wish, panels.length > 1 ? lower : undefined),
      ...titles,
      ...faults
    ],
    panelFaults: drawn.map(({ faults }) => faults)
  }
}

/** What stands above a panel, in lines; none where nothing does. */
function headingLines(
  index: number,
  lettering: Lettering,
  title: string,
  linesOf: (text: string) => readonly string[]
): readonly string[] {
  const text = panelHeading(index, lettering, title)
  if (text === '') return []
  const lines = linesOf(text)
  if (!hasRightToLeft(title)) return lines
  // It runs as its own first letter asks, behind a letter that does not.
  const [first, ...others] = lines
  const own = first!.slice(panelLetter(index, lettering).length).trim()
  return [panelHeading(index, lettering, own && isolated(own)), ...others.map(isolated)]
}

/** A stranger's file may have each of its panels be as much as any view draws. */
function refuseTooMuch(name: string, last: number, lettering: Lettering, marks: number): void {
  const beyond = beyondMarks(marks)
  if (beyond === null) return
  const mark = panelMark(last, panelLetter(last, lettering))
  throw new LamellaError(
    'unsupported',
    `“${name}” is more than one figure is drawn of: ${last === 0 ? `panel ${mark}` : `its panels up to ${mark}`} would take ${beyond}`,
    last === 0
      ? 'Take it out, or take it anew of a shorter text or of fewer heads; a file of its view alone may be larger.'
      : 'Take panels out of it, or spread them over several figures.'
  )
}

/** What is asked for a file; of a wish for no preset and no width the figure's own. */
function wishOf(
  { preset, widthMm, points, font, background }: PanelsLayout,
  asked?: FigureWish
): FigureWish & { readonly widthMm: number } {
  const own = { preset, widthMm, points, font, title: false, letter: '', background } as const
  if (asked === undefined) return own
  const letter = asked.letter
  if (asked.preset === 'screen' && asked.widthMm === null)
    return { ...own, letter, background: asked.background }
  return { ...asked, title: false, widthMm: asked.widthMm ?? widthMm }
}

function drawnPart(
  drawing: Drawing | string,
  wish: FigureWish & { readonly widthMm: number },
  look: Look
): { readonly panel: Panel; readonly faults: readonly string[] } {
  const width = pixelsOfMm(wish.widthMm)
  if (typeof drawing === 'string') return { panel: saying(drawing, width, look), faults: [drawing] }
  const { panel, faults } = drawing.draw({ ...wish, title: false, letter: '' })
  const scale = width / panel.width
  const isAlike = Math.abs(scale - 1) < 0.005
  return { panel: isAlike ? panel : scaledPanel(panel, scale), faults }
}

/** Lines of why a panel cannot be drawn, of which the last is cut where they are more. */
const mostSaid = 5

/** What stands in place of a panel that cannot be drawn. */
function saying(text: string, width: number, look: Look): Panel {
  const words = { font: look.sans, size: look.size, color: look.faint, room: width - 2 * titleLeft }
  const all = linesInRoom(text, words.room, line => sansWidth(line, look.size))
  const lines = [...all.slice(0, mostSaid - 1), all.slice(mostSaid - 1).join(' ')].filter(Boolean)
  const next = 1.3 * look.size
  const height = 4 * look.size + (lines.length - 1) * next
  return {
    kind: 'map',
    ...{ width, height, ratio: 1, paper: look.paper, rasters: [] },
    marks: [
      {
        kind: 'rect',
        x: 0.5,
        y: 0.5,
        width: width - 1,
        height: height - 1,
        fill: null,
        line: look.line
      },
      ...lines.map((line, i) =>
        textMark({ ...words, text: line, x: titleLeft, y: 2 * look.size + i * next })
      )
    ]
  }
}
