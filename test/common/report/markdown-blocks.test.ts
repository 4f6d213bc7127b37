import { describe, expect, it } from 'vitest'
import { markdownBlocks } from '#common/report/markdown-blocks.ts'
import { mostMarkdown } from '#common/text/markdown.ts'

describe('Markdown as pieces of a report', () => {
  it('is paragraphs with how they are written, and lines that end', () => {
    expect(markdownBlocks('*a* **b _c_**\n`d` ~~e~~')).toEqual([
      {
        kind: 'paragraph',
        spans: [
          { text: 'a', italic: true },
          { text: ' ' },
          { text: 'b ', bold: true },
          { text: 'c', bold: true, italic: true },
          { text: '\n' },
          { text: 'd', mono: true },
          { text: ' ' },
          { text: 'e', struck: true }
        ]
      }
    ])
  })

  it('is lists, close ones too, quotes, code, rules and tables', () => {
    const line = (text: string) => ({ kind: 'paragraph', spans: [{ text }] })
    expect(markdownBlocks('3. a\n   - b\n\n> c\n\n```\nd\n```\n\n---\n\n|e|\n|-|\n|f|')).toEqual([
      {
        ...{ kind: 'list', start: 3 },
        items: [[line('a'), { kind: 'list', start: null, items: [[line('b')]] }]]
      },
      { kind: 'quote', blocks: [line('c')] },
      { kind: 'verbatim', text: 'd', isCode: true },
      { kind: 'rule' },
      { kind: 'table', columns: [{ name: 'e', isNumber: false }], rows: [[[{ text: 'f' }]]] }
    ])
  })

  it('has headings below those of sections, and links to pages alone', () => {
    expect(markdownBlocks('# A `b`\n\n[c](https://example.org/) [d](javascript:1)')).toEqual([
      { kind: 'heading', level: 3, text: 'A b' },
      {
        kind: 'paragraph',
        spans: [{ text: 'c', url: 'https://example.org/' }, { text: ' [d](javascript:1)' }]
      }
    ])
  })

  it('stands as it was written where it is very long', () => {
    const text = '*'.repeat(mostMarkdown + 1)
    expect(markdownBlocks(text)).toEqual([{ kind: 'verbatim', text, isCode: false }])
  })
})
