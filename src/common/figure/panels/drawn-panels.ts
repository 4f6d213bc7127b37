import { letterRoom, printed, tooHigh, wishedLook, type DrawnFigure } from '../drawn-figure.ts'
import type { Drawing } from '../drawing.ts'
import type { Panel, RowPanel } from '../figure-kind.ts'
import { hasRightToLeft, isolated } from '../../text/token-text.ts'
import { paperLook, type Look } from '../look.ts'
import { textMark } from '../mark.ts'
import type { FigureWish } from '../presets.ts'
import { linesInRoom, textWidth } from '../text-width.ts'
import { pixelsOfMm } from '../units.ts'
import { panelHeading, panelLetter } from './panel-letter.ts'
import { panelRows, rowGapMm, withRoomForBar } from './panel-rows.ts'
import { scaledPanel } from './scaled-panel.ts'
import type { FigurePanel, Lettering, SessionFigure } from './session-figure.ts'

/** A panel that can be drawn, or why it cannot, in a line. */
export interface OpenedPanel extends Pick<FigurePanel, 'title' | 'columns'> {
  readonly drawing: Drawing | string
  /** What its colours stand for: maps of a row of which that is the same have one bar. Left out where each has its own. */
  readonly scale?: string | null
}

/** A rectangle in CSS pixels of the figure. */
export interface PanelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A figure of panels as it is printed, and where each of them stands. */
export interface DrawnPanels extends DrawnFigure {
  /** In the order of the panels, with what stands above each. */
  readonly boxes: readonly PanelBox[]
}

/** How a figure of a session is drawn. */
export type PanelsLayout = Pick<
  SessionFigure,
  'preset' | 'widthMm' | 'points' | 'font' | 'background' | 'columns' | 'lettering'
>

const neutral: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'linear', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}

/**
 * Draws panels on a page: each in the width of its columns, rows one below the other.
 * @param asked another preset or width than the figure's own, for a file; a wish for none leaves it as it is
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
  const rows = panelRows(
    panels.map(panel => panel.columns),
    columns,
    wish.widthMm
  )
  const letters = { font: look.sans, size: look.size + 1, weight: 600 } as const
  const lineHeight = Math.ceil(letters.size * 1.25)
  const boxes: PanelBox[] = []
  const parts: RowPanel['parts'][number][] = []
  const marks: RowPanel['marks'][number][] = []
  const faults: string[] = []
  let top = 0
  for (const placed of rows) {
    const row = isOfOneScale(placed.map(({ index }) => panels[index]!))
      ? withRoomForBar(placed)
      : placed
    if (top > 0) top += pixelsOfMm(rowGapMm)
    const headings = row.map(({ index, widthMm }) =>
      headingLines(index, lettering, panels[index]!.title, text =>
        linesInRoom(text, pixelsOfMm(widthMm), line => textWidth(line, letters))
      )
    )
    const most = Math.max(...headings.map(lines => lines.length))
    const room = most === 0 ? 0 : letterRoom(look) + (most - 1) * lineHeight
    const drawn = row.map(({ index, leftMm, widthMm, bar }, i) => {
      const left = pixelsOfMm(leftMm)
      const width = pixelsOfMm(widthMm)
      const asked = { ...wish, widthMm, ...(bar === false && { bar }) }
      const own = drawnPart(panels[index]!.drawing, asked, look)
      const called = panelLetter(index, lettering) || `Panel ${index + 1}`
      faults.push(...own.faults.map(fault => `${called}: ${fault}`))
      const lines = headings[i]!
      if (lines.some(line => textWidth(line, letters) > width))
        faults.push(`${called}: a word of its title is wider than it, and is cut`)
      marks.push(
        ...lines.map((text, line) =>
          textMark({
            text,
            ...{ x: left, y: top + letterRoom(look) / 2 + line * lineHeight },
            ...{ ...letters, color: look.ink, room: width }
          })
        )
      )
      parts.push({ left, top: top + room, panel: own.panel })
      return { left, width, panel: own.panel }
    })
    const height = room + Math.max(...drawn.map(({ panel }) => panel.height))
    boxes.push(...drawn.map(({ left, width }) => ({ left, top, width, height })))
    top += height
  }
  const panel: RowPanel = {
    kind: 'row',
    ...{ width, height: Math.max(top, 1), ratio: 1, paper: look.paper },
    parts,
    marks
  }
  const whole = printed(panel, look, wish, width)
  // What is said of letters each panel says for itself.
  return { ...whole, faults: [...tooHigh(whole.heightMm, wish), ...faults], boxes }
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

/** Whether all that stand in a row are maps whose colours stand for the same. */
function isOfOneScale(row: readonly OpenedPanel[]): boolean {
  const [first] = row
  if (row.length < 2 || first!.scale === undefined || first!.scale === null) return false
  return row.every(({ scale }) => scale === first!.scale)
}

/** What stands in place of a panel that cannot be drawn. */
function saying(text: string, width: number, look: Look): Panel {
  const height = 4 * look.size
  const words = { font: look.sans, size: look.size, color: look.faint, room: width - 16 }
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
      textMark({ ...words, text, x: 8, y: height / 2 })
    ]
  }
}
