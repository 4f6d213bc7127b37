import { z } from 'zod'

/** Letters of a line that are written alike; a line feed among them ends the line. */
export const Span = z.object({
  text: z.string(),
  bold: z.literal(true).exactOptional(),
  italic: z.literal(true).exactOptional(),
  struck: z.literal(true).exactOptional(),
  mono: z.literal(true).exactOptional(),
  muted: z.literal(true).exactOptional(),
  /** Where it leads: http or https. */
  url: z.string().exactOptional()
})
export type Span = z.output<typeof Span>

const Spans = z.array(Span)

/** What is said of a figure that is printed smaller than it is; empty where that is not seen. */
export function smallerText(share: number): string {
  if (share > 0.995) return ''
  return `Larger than its page has room for: printed at ${Math.floor(share * 100)} % of its size.`
}

/** A piece of a report that stands in lines of its own. Each runs in the direction of its first letters, but for those in isolates: of names and texts that it quotes. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | {
      readonly kind: 'list'
      /** The number that it begins with; null where it has points. */
      readonly start: number | null
      readonly items: readonly (readonly Block[])[]
    }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** Letters as they are: a text that a model read, or code. */
  | { readonly kind: 'verbatim'; readonly text: string; readonly isCode: boolean }
  | { readonly kind: 'rule' }
  | {
      readonly kind: 'facts'
      readonly rows: readonly { readonly name: string; readonly spans: readonly Span[] }[]
    }
  | {
      readonly kind: 'table'
      readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[]
      /** [row, column] */
      readonly rows: readonly (readonly (readonly Span[])[])[]
    }
  | {
      readonly kind: 'figure'
      /** Its place among the figures of the report. */
      readonly figure: number
      readonly caption: readonly Span[]
      /** Where it comes from and what makes it again, a line each. */
      readonly lines: readonly (readonly Span[])[]
    }

export const Block: z.ZodType<Block> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('heading'),
      level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      text: z.string()
    }),
    z.object({ kind: z.literal('paragraph'), spans: Spans }),
    z.object({
      kind: z.literal('list'),
      start: z.int().nullable(),
      items: z.array(z.array(Block))
    }),
    z.object({ kind: z.literal('quote'), blocks: z.array(Block) }),
    z.object({ kind: z.literal('verbatim'), text: z.string(), isCode: z.boolean() }),
    z.object({ kind: z.literal('rule') }),
    z.object({
      kind: z.literal('facts'),
      rows: z.array(z.object({ name: z.string(), spans: Spans }))
    }),
    z.object({
      kind: z.literal('table'),
      columns: z.array(z.object({ name: z.string(), isNumber: z.boolean() })),
      rows: z.array(z.array(Spans))
    }),
    z.object({
      kind: z.literal('figure'),
      figure: z.int().min(0),
      caption: Spans,
      lines: z.array(Spans)
    })
  ])
)

/** A report before it is a page or a file: what it says, without how that looks. */
export const ReportDocument = z.object({
  title: z.string(),
  /** When it was made and of what, in a line. */
  subtitle: z.string(),
  blocks: z.array(Block)
})
export type ReportDocument = z.output<typeof ReportDocument>

/** Text as it is. */
export function plain(text: string): Span[] {
  return text === '' ? [] : [{ text }]
}

export function bold(text: string): Span {
  return { text, bold: true }
}

export function mono(text: string): Span {
  return { text, mono: true }
}

export function muted(text: string): Span {
  return { text, muted: true }
}

export function heading(level: 1 | 2 | 3, text: string): Block {
  return { kind: 'heading', level, text }
}

export function paragraph(...spans: readonly (Span | string)[]): Block {
  return {
    kind: 'paragraph',
    spans: spans.map(span => (typeof span === 'string' ? { text: span } : span))
  }
}

/** Names and what they are; those of nothing are left out. */
export function facts(
  rows: readonly (readonly [name: string, value: string | readonly Span[] | null])[]
): Block {
  return {
    kind: 'facts',
    rows: rows.flatMap(([name, value]) =>
      value === null || value.length === 0
        ? []
        : [{ name, spans: typeof value === 'string' ? plain(value) : value }]
    )
  }
}

/** @param rows a text of a cell is as it is */
export function table(
  columns: readonly { readonly name: string; readonly isNumber?: boolean }[],
  rows: readonly (readonly (string | readonly Span[])[])[]
): Block {
  return {
    kind: 'table',
    columns: columns.map(({ name, isNumber = false }) => ({ name, isNumber })),
    rows: rows.map(row => row.map(cell => (typeof cell === 'string' ? plain(cell) : cell)))
  }
}

/** What a block says, in the order in which it is read. */
export function blockText(block: Block): string {
  const told = (spans: readonly Span[]) => spans.map(({ text }) => text).join('')
  switch (block.kind) {
    case 'heading':
    case 'verbatim':
      return block.text
    case 'paragraph':
      return told(block.spans)
    case 'list':
      return block.items.flat().map(blockText).join(' ')
    case 'quote':
      return block.blocks.map(blockText).join(' ')
    case 'table':
      return [...block.columns.map(({ name }) => name), ...block.rows.flat().map(told)].join(' ')
    case 'facts':
      return block.rows.map(({ name, spans }) => `${name} ${told(spans)}`).join(' ')
    case 'figure':
      return told(block.caption)
    case 'rule':
      return ''
  }
}
