import type { PageFlow } from './page-flow.ts'
import type { LetterStyle, ParagraphLines, StyledText, Typesetter } from './paragraph-lines.ts'
import { drawArtifact, type PdfTag } from './pdf-tags.ts'
import { actualOf, drawLines, rule } from './report-lines.ts'
import { leadingOf, styles } from './report-styles.ts'

/** What stands in a row of a table. */
export interface Cell {
  readonly parts: readonly StyledText[]
  readonly align?: 'right'
}

interface RowsPlace {
  /** What the rows are of. */
  readonly tag: PdfTag
  readonly x: number
  /** Of columns, in points, with the gap after each. */
  readonly widths: readonly number[]
  readonly style: LetterStyle
}

const gap = 12
const pad = 3

/** Widths of columns: what they need where there is room, else shared by what each has to say. */
export function columnWidths(
  set: Pick<Typesetter, 'extent'>,
  rows: readonly (readonly Cell[])[],
  width: number
): number[] {
  const count = Math.max(0, ...rows.map(row => row.length))
  const columns = Array.from({ length: count }, (_, i) => {
    const own = rows.flatMap(row => row[i] ?? []).map(({ parts }) => set.extent(parts))
    const whole = Math.max(0, ...own.map(extent => extent.whole)) + gap
    // A word that is longer than its share is broken.
    const word = Math.min(Math.max(0, ...own.map(extent => extent.word)) + gap, width / count)
    return { whole, word }
  })
  const sum = (of: 'whole' | 'word') => columns.reduce((total, own) => total + own[of], 0)
  const spare = width - sum('word')
  const wanted = sum('whole') - sum('word')
  const share = wanted <= 0 ? 0 : Math.min(1, Math.max(0, spare) / wanted)
  const widths = columns.map(({ whole, word }) => word + (whole - word) * share)
  const rest = Math.max(0, width - widths.reduce((total, own) => total + own, 0))
  return widths.map(own => own + rest / count)
}

/**
 * Draws rows one below the other: one that fits a page is not cut, and names of columns come again on each page.
 * @param head names of columns; null where there are none, and no lines between rows
 */
export function drawRows(
  { flow, set }: { readonly flow: PageFlow; readonly set: Typesetter },
  head: readonly Cell[] | null,
  rows: readonly (readonly Cell[])[],
  { x, widths, style, tag }: RowsPlace
): void {
  const { doc } = flow
  const leading = leadingOf(style)
  const width = widths.reduce((sum, own) => sum + own, 0)
  const space = head === null ? 1 : pad

  function laidOut(cells: readonly Cell[]) {
    let left = x
    const columns = cells.map(({ parts, align }, i) => {
      const isLast = i === widths.length - 1
      const own = { x: left, width: widths[i]! - (isLast ? 0 : gap) }
      left += widths[i]!
      return { ...set.lines(parts, own.width), ...own, ...(align && { align }) }
    })
    const count = Math.max(1, ...columns.map(({ lines }) => lines.length))
    return { columns, count, height: count * leading + 2 * space }
  }

  /** @param isAgain whether it stands on a page before, and is not read out twice */
  function row(cells: readonly Cell[], isAgain = false): void {
    const { columns, count, height } = laidOut(cells)
    if (flow.room() < Math.min(height, flow.height)) {
      flow.need(flow.height)
      if (head !== null && cells !== head) row(head, true)
    }
    const own = isAgain ? null : cellTags(cells, columns)
    flow.take(space)
    for (let i = 0; i < count; i++) {
      // Of one that is longer than a page.
      flow.need(leading)
      const y = flow.take(leading)
      columns.forEach(({ lines, isRightToLeft, ...place }, column) => {
        const line = { lines: lines.slice(i, i + 1), isRightToLeft }
        drawLines(doc, line, { ...place, y, leading }, own?.[column] ?? null)
      })
    }
    const y = flow.take(space) + space
    if (head !== null) drawArtifact(doc, () => rule(doc, x, y, width, styles.line))
  }

  function cellTags(cells: readonly Cell[], laid: readonly ParagraphLines[]): PdfTag[] {
    const row = tag.child('TR')
    return cells.map(({ parts }, i) => {
      const said = actualOf(parts, laid[i]!)
      if (cells === head) return row.child('TH', { scope: 'Column', ...said })
      return head === null && i === 0
        ? row.child('TH', { scope: 'Row', ...said })
        : row.child('TD', said)
    })
  }

  const [first] = rows
  if (head !== null) {
    // With the first row below it.
    flow.need(laidOut(head).height + (first === undefined ? 0 : laidOut(first).height))
    row(head)
  }
  for (const own of rows) row(own)
}
