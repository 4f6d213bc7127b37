import { pointsOfPixels, pixelsOfMm } from '#common/figure/units.ts'
import {
  blockText,
  plain,
  smallerText,
  type Block,
  type ReportDocument,
  type Span
} from '#common/report/report-document.ts'
import { firstDirection, inItsDirection, withoutIsolates } from '#common/text/token-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { FigureFace } from './fonts.ts'
import { linesThatFit, type PageFlow } from './page-flow.ts'
import type { LetterStyle, ParagraphLines, StyledText, Typesetter } from './paragraph-lines.ts'
import { drawFigure } from './pdf.ts'
import { drawArtifact, type PdfTag } from './pdf-tags.ts'
import { actualOf, drawLines, rule } from './report-lines.ts'
import { leadingOf, styledSpans, styles } from './report-styles.ts'
import { columnWidths, drawRows, type Cell } from './report-table.ts'
import type { SvgDocument } from './svg-document.ts'

/** A figure of a report, and how wide it is printed; a text says why one cannot be drawn. */
export type PdfFigure = { readonly svg: SvgDocument; readonly widthMm: number } | string

/** What a report is drawn with. */
export interface ReportTools {
  readonly flow: PageFlow
  readonly set: Typesetter
  readonly faces: readonly FigureFace[]
  readonly figures: readonly PdfFigure[]
  /** The document that they are of. */
  readonly tag: PdfTag
}

/** Where a block stands, in points: what is within another is narrower. */
interface Column {
  readonly x: number
  readonly width: number
  /** Lines beside it, of quotes that it is in. */
  readonly bars: readonly number[]
  /** What blocks in it are of. */
  readonly tag: PdfTag
}

type Heading = Block & { readonly kind: 'heading' }
type Figure = Block & { readonly kind: 'figure' }

const indent = 16
/** Of a line beside a quote. */
const barWidth = 1.2
/** In points, by level. */
const aboveHeadings = [26, 14, 10] as const
const belowHeadings = (level: number) => (level === 1 ? 4 : 1)
/** Of the line below those of sections. */
const ruleRoom = 4
const betweenBlocks = 5
const aboveFigures = 14
const belowFigures = 8

/** Draws reports onto pages. */
export function reportDrawing({ flow, set, faces, figures, tag }: ReportTools): {
  all(report: ReportDocument): void
} {
  const { doc } = flow
  const whole: Column = { x: styles.left, width: styles.width, bars: [], tag }

  function paragraph(
    parts: readonly StyledText[],
    style: LetterStyle,
    column: Column,
    fill: string | null = null,
    type = 'P'
  ): ParagraphLines {
    const { x, width, bars } = column
    const pad = fill === null ? 0 : 8
    const own = set.lines(parts, width - 2 * pad)
    const tag = column.tag.child(type, actualOf(parts, own))
    const leading = leadingOf(style)
    let { lines } = own
    while (lines.length > 0) {
      const count = linesThatFit(lines.length, flow.room(), leading)
      if (count === 0) {
        flow.need(flow.height)
        if (linesThatFit(lines.length, flow.room(), leading) === 0) break
        continue
      }
      const height = count * leading
      const y = flow.take(height)
      drawArtifact(doc, () => {
        if (fill !== null) doc.rect(x, y - 3, width, height + 6).fill(fill)
        for (const bar of bars) doc.rect(bar, y, barWidth, height).fill(styles.line)
      })
      const part = { lines: lines.slice(0, count), isRightToLeft: own.isRightToLeft }
      drawLines(doc, part, { x: x + pad, y, width: width - 2 * pad, leading }, tag)
      lines = lines.slice(count)
    }
    return own
  }

  /**
   * @param isHeaded whether it stands below another, which the page has room for with all that follows both
   * @param others what follows it, of which the beginning stands on the same page
   */
  function heading(own: Heading, isHeaded: boolean, others: readonly Block[]): void {
    const { level, text } = own
    const style = styles.headings[level - 1]!
    const height = headingHeight(own)
    flow.skip(aboveHeadings[level - 1]!)
    if (!isHeaded) flow.need(height + beginning(others, flow.height - height))
    if (level === 1) doc.outline.addItem(visibleText(text))
    // The first is the title.
    paragraph([{ text, style }], style, whole, null, `H${level + 1}`)
    if (level === 1)
      drawArtifact(doc, () =>
        rule(doc, styles.left, flow.take(ruleRoom) + 3, styles.width, styles.line)
      )
    flow.skip(belowHeadings(level))
  }

  /** Of its lines, and what it keeps from what follows. */
  function headingHeight({ level, text }: Heading): number {
    const style = styles.headings[level - 1]!
    const { length } = set.lines([{ text, style }], styles.width).lines
    const line = level === 1 ? ruleRoom : 0
    return length * leadingOf(style) + line + belowHeadings(level) + betweenBlocks
  }

  function list({ start, items }: Block & { kind: 'list' }, column: Column): void {
    const all = column.tag.child('L')
    items.forEach((item, i) => {
      const own = all.child('LI')
      const label = own.child('Lbl')
      const [first] = item
      const text = start === null ? '•' : `${start + i}.`
      flow.need(leadingOf(styles.body) * 2)
      const y = flow.y()
      const isRightToLeft =
        first?.kind === 'paragraph' &&
        set.lines(styledSpans(first.spans, styles.body), column.width).isRightToLeft
      const x = isRightToLeft ? column.x : column.x + indent
      blocks(item, { ...column, x, width: column.width - indent, tag: own.child('LBody') }, true)
      const mark = set.lines([{ text, style: styles.body }], indent)
      const at = isRightToLeft ? column.x + column.width - mark.lines[0]!.width : column.x + 2
      if (flow.y() > y)
        drawLines(doc, mark, { x: at, y, width: indent, leading: leadingOf(styles.body) }, label)
    })
  }

  /** How much the beginning of what is left takes, which no page ends within, of so much of a page below headings. */
  function beginning([next, ...others]: readonly Block[], room: number): number {
    if (next?.kind === 'heading') {
      const own = aboveHeadings[next.level - 1]! + headingHeight(next)
      return own + beginning(others, room - own)
    }
    if (next?.kind !== 'figure') return 3 * leadingOf(styles.body)
    const { height, below } = measured(next, room - aboveFigures)
    return aboveFigures + height + below
  }

  /**
   * A figure as large as it is printed, in points: in its own size, unless it would be wider than the text, or leave its caption no room
   * to begin.
   * @param left of a page, below headings that stand on it
   */
  function measured({ figure: index, caption, lines }: Figure, left: number) {
    // Headings of more lines than that stand above it on the page before.
    const room = Math.max(left, flow.height / 2)
    const own = figures[index]
    const styled = (spans: readonly Span[], style: LetterStyle) => ({
      parts: styledSpans(spans, style),
      style
    })
    const first = styled(caption, styles.small)
    const { length } = set.lines(first.parts, styles.width).lines
    const captioned = (count: number) => belowFigures + count * leadingOf(first.style)
    // A paragraph of up to three lines stands on one page.
    const least = captioned(length > 3 ? 2 : length)
    const drawn = typeof own === 'object' ? printed(own, room - least) : null
    const height = drawn?.height ?? 0
    const smaller = smallerText(drawn?.share ?? 1)
    const told = [smaller === '' ? [] : plain(smaller), ...lines].filter(line => line.length > 0)
    return {
      said: [first, ...told.map(line => styled(line, styles.tiny))],
      ...{ drawn, height },
      // Its caption, where a page has room for both; else that goes on on the next, as all else does.
      below: height + captioned(length) > room ? least : captioned(length),
      why: typeof own === 'object' ? '' : (own ?? '')
    }
  }

  function printed({ svg, widthMm }: Exclude<PdfFigure, string>, mostHeight: number) {
    const wanted = pointsOfPixels(pixelsOfMm(widthMm))
    const shape = svg.height / svg.width
    const width = Math.min(wanted, styles.width, mostHeight / shape)
    return { svg, width, height: width * shape, share: width / wanted }
  }

  /** @param isHeaded whether it stands below headings, which left it as much of the page as it may take */
  function figure(own: Figure, isHeaded: boolean): void {
    flow.skip(aboveFigures)
    const left = isHeaded ? flow.room() : flow.height
    const { said, below, drawn, height, why } = measured(own, left)
    if (drawn !== null) {
      const { svg, width } = drawn
      flow.need(height + below)
      const y = flow.take(height)
      const x = styles.left
      const alt = withoutIsolates(own.caption.map(({ text }) => text).join(''))
      tag.child('Figure', { alt, bbox: [x, y, x + width, y + height] }).content(() => {
        doc.save()
        doc.translate(x, y).scale(width / svg.width)
        drawFigure(doc, svg, faces)
        doc.restore()
      })
    } else paragraph([{ text: why, style: styles.subtitle }], styles.body, whole, styles.ground)
    flow.skip(belowFigures)
    for (const { parts, style } of said) {
      paragraph(parts, style, whole)
      flow.skip(2)
    }
    flow.skip(8)
  }

  function cells(row: readonly (readonly Span[])[]): Cell[] {
    return row.map(spans => ({ parts: styledSpans(spans, styles.small) }))
  }

  /** @param before what stands above it @param others what follows it */
  function block(
    own: Block,
    before: Block | undefined,
    others: readonly Block[],
    column: Column
  ): void {
    const isHeaded = before?.kind === 'heading'
    switch (own.kind) {
      case 'heading':
        return heading(own, isHeaded, others)
      case 'paragraph':
        return void paragraph(styledSpans(own.spans, styles.body), styles.body, column)
      case 'list':
        return list(own, column)
      case 'quote': {
        const { x, width, bars } = column
        const tag = column.tag.child('BlockQuote')
        const isRightToLeft = firstDirection(blockText(own)) === 'rtl'
        const bar = isRightToLeft ? x + width - 3 - barWidth : x + 3
        const inner = { width: width - indent, bars: [...bars, bar], tag }
        return blocks(own.blocks, { ...inner, x: isRightToLeft ? x : x + indent }, true)
      }
      case 'verbatim': {
        const style = own.isCode ? styles.code : styles.verbatim
        flow.skip(4)
        const tag = own.isCode ? column.tag.child('P') : column.tag
        const type = own.isCode ? 'Code' : 'P'
        paragraph([{ text: own.text, style }], style, { ...column, tag }, styles.ground, type)
        return flow.skip(5)
      }
      case 'rule':
        flow.need(12)
        return drawArtifact(doc, () =>
          rule(doc, column.x, flow.take(12) + 6, column.width, styles.line)
        )
      case 'facts': {
        const rows = own.rows.map(({ name, spans }) =>
          cells([[{ text: name, muted: true }], spans])
        )
        const names = rows.map(([name]) => set.extent(name!.parts).whole)
        const first = Math.min(130, Math.max(70, ...names) + 14)
        const widths = [first, column.width - first]
        return drawRows({ flow, set }, null, rows, {
          ...{ x: column.x, widths, style: styles.small },
          tag: column.tag.child('Table')
        })
      }
      case 'table': {
        // Of a table in Hebrew the first column is the last at the right, and words end there.
        const isRightToLeft =
          firstDirection(own.columns.map(({ name }) => name).join(' ')) === 'rtl'
        const align = (row: readonly Cell[]) => {
          const aligned = row.map((cell, i) =>
            own.columns[i]?.isNumber === isRightToLeft ? cell : { ...cell, align: 'right' as const }
          )
          return isRightToLeft ? aligned.toReversed() : aligned
        }
        const head = align(cells(own.columns.map(({ name }) => [{ text: name, muted: true }])))
        const rows = own.rows.map(row => align(cells(row)))
        const widths = columnWidths(set, [head, ...rows], column.width)
        return drawRows({ flow, set }, head, rows, {
          ...{ x: column.x, widths, style: styles.small },
          tag: column.tag.child('Table')
        })
      }
      case 'figure':
        return figure(own, isHeaded)
    }
  }

  /** @param isClose whether they stand in another, with less between them */
  function blocks(all: readonly Block[], column: Column, isClose = false): void {
    for (const [i, own] of all.entries()) {
      block(own, all[i - 1], all.slice(i + 1, i + 5), column)
      flow.skip(isClose ? 2 : betweenBlocks)
    }
  }

  return {
    all({ title, subtitle, blocks: all }) {
      paragraph(
        [{ text: inItsDirection(title), style: styles.title }],
        styles.title,
        whole,
        null,
        'H1'
      )
      flow.skip(2)
      paragraph([{ text: subtitle, style: styles.subtitle }], styles.subtitle, whole)
      blocks(all, whole)
    }
  }
}
