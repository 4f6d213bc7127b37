import { lightScreen, paperLook } from '#common/figure/look.ts'
import { pixelsOfMm, pointsOfPixels } from '#common/figure/units.ts'
import { reportWidthMm } from '#common/report/drawn-for-report.ts'
import type { Span } from '#common/report/report-document.ts'
import { page } from './page-flow.ts'
import type { LetterStyle, StyledText } from './paragraph-lines.ts'

const { ink, faint, accent } = lightScreen
const { sans, mono } = paperLook

const plain: LetterStyle = { families: sans, size: 9.5, weight: 400, color: ink }
const width = pointsOfPixels(pixelsOfMm(reportWidthMm))

/** How a report is written, in points. */
export const styles = {
  width,
  left: (page.width - width) / 2,
  line: '#d8d8de',
  /** Behind texts as they were read, and code. */
  ground: '#f5f5f7',
  title: { ...plain, size: 20, weight: 600 },
  subtitle: { ...plain, color: faint },
  headings: [
    { ...plain, size: 13, weight: 600 },
    { ...plain, size: 10.5, weight: 600 },
    { ...plain, weight: 600 }
  ],
  body: plain,
  /** Tables, facts and captions. */
  small: { ...plain, size: 8.5 },
  /** What is said of figures below their captions. */
  tiny: { ...plain, size: 7.2, color: faint },
  foot: { ...plain, size: 7.5, color: faint },
  verbatim: { ...plain, size: 9 },
  code: { ...plain, families: mono, size: 8 }
} as const satisfies Record<string, unknown>

/** From one line to the next. */
export function leadingOf({ size }: Pick<LetterStyle, 'size'>): number {
  return size * (size > 12 ? 1.3 : 1.48)
}

/** Spans as letters in a style and what they make of it; the same of equal ones. */
export function styledSpans(spans: readonly Span[], style: LetterStyle): StyledText[] {
  return spans.map(span => ({
    // Code runs from left to right, whatever stands around it.
    text: span.mono ? `\u2066${span.text}\u2069` : span.text,
    style: styleOf(span, style)
  }))
}

const made = new Map<LetterStyle, Map<string, LetterStyle>>()

function styleOf(span: Span, style: LetterStyle): LetterStyle {
  const own = made.get(style) ?? new Map<string, LetterStyle>()
  made.set(style, own)
  const { bold, italic, struck, mono: isMono, muted, url } = span
  const key = JSON.stringify([bold, italic, struck, isMono, muted])
  // A page's addresses are its own.
  const known = url === undefined ? own.get(key) : undefined
  const found = known ?? {
    ...style,
    ...(bold && { weight: 600 }),
    ...(italic && { oblique: true }),
    ...(struck && { struck: true }),
    ...(muted && { color: faint }),
    ...(isMono && { families: mono, size: style.size * 0.9 }),
    ...(url !== undefined && { url, color: accent })
  }
  if (url === undefined) own.set(key, found)
  return found
}
