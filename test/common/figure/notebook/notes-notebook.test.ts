import { describe, expect, it } from 'vitest'
import { markdownSource } from '#common/figure/notebook/markdown-source.ts'
import { notesNotebook } from '#common/figure/notebook/notes-notebook.ts'
import type { Note } from '#common/model/session.ts'
import { markdownTree, mostMarkdown } from '#common/text/markdown.ts'

const head = { model: { path: '/m', fingerprint: 'f' }, at: { layer: 0, head: 1 } }
const textOf = (on: Note['on']) => (on === null ? 'Session' : 'tab' in on ? on.tab : 'Head 0.1 · m')

describe('notes as a notebook', () => {
  it('are cells that are read, each under what it is of', () => {
    const notes: Note[] = [
      { id: 'a', on: null, markdown: 'the *first*', at: Date.UTC(2026, 10, 26, 21, 5) },
      { id: 'b', on: head, markdown: 'Looks back', at: 0 },
      { id: 'c', on: head, markdown: 'at one token', at: 0 },
      { id: 'd', on: { tab: '<Overview>' }, markdown: 'x'.repeat(mostMarkdown + 1), at: 0 }
    ]
    const text = notesNotebook('My *own*: notes', notes, textOf)
    const { nbformat, cells } = JSON.parse(text) as {
      nbformat: number
      cells: { cell_type: string; id: string; source: string }[]
    }
    expect(nbformat).toBe(4)
    expect(cells.map(cell => cell.source.slice(0, 50))).toEqual([
      '# My \\*own\\*\\: notes',
      '## Session',
      '*2026-11-26 21:05 UTC*\n\nthe *first*',
      '## Head 0\\.1 · m',
      'Looks back',
      'at one token',
      '## \\<Overview\\>',
      `\`\`\`\n${'x'.repeat(46)}`
    ])
    expect(new Set(cells.map(({ cell_type }) => cell_type))).toEqual(new Set(['markdown']))
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length)
  })
})

describe('a text in Markdown that is written again', () => {
  it.each([
    'one line\nand another\n\nand **bold**, *slanted*, ~~gone~~, `code`',
    '- a\n- b\n\n  of two\n\n  1. inner\n  2. list\n- c',
    '3. three\n4. four',
    '> said\n>\n> > again\n>\n> ```\n> code `` and ```\n> ```',
    '| a | b \\| c |\n|---|---|\n| `x \\| y` | **z** |',
    '# \\# one #\n\n***\n\n    indented <code>\n      more\n\n````\n```\n````',
    'a [link](https://example.org/a_(b)?c=%3E) and `` a ` tick ``',
    '1\\. no list\n\n\\- none\n\n\\# none',
    '<script>alert(1)</script> <b>bold</b> &amp; &lt;',
    'a $x$ and \\\\(y\\\\) and \\\\begin{align} and {{ name }}',
    '![picture](https://example.org/p.png) and wow![x](https://example.org)',
    '[no](javascript:alert(1)) ![no](attachment:x.png) <img src=x onerror=alert(1)>'
  ])('says the same: %j', text => {
    const own = levelled(markdownTree(text))
    expect(levelled(markdownTree(markdownSource(text)))).toEqual(own)
  })

  it('has no markup of a page, no formula and no picture', () => {
    const text =
      '<img src=x> $x$ \\\\(y\\\\) {{ name }} wow\\![x](https://example.org) ![p](https://a.b/c)'
    expect(markdownSource(text)).toBe(
      '\\<img src\\=x\\> \\$x\\$ \\\\\\(y\\\\\\) \\{\\{ name \\}\\} wow\\![x](<https://example.org/>) [p](<https://a.b/c>)'
    )
  })

  it('shows what is not seen by its number, but for tabs of code', () => {
    expect(markdownSource('a\u202eb `c\u0085`\n\n    d\u2066\te\u2028f')).toBe(
      'a⟨202E⟩b ` c⟨85⟩ `\n\n```\nd⟨2066⟩\te⟨2028⟩f\n```'
    )
  })

  it('stands below the heading of what it is of', () => {
    expect(markdownSource('# a\n\n##### b')).toBe('### a\n\n###### b')
  })
})

/** A tree whose headings are of one level, and whose letters are together. */
function levelled(tree: unknown): unknown {
  const text = JSON.stringify(tree, (_, value: unknown) =>
    Array.isArray(value) ? together(value) : value
  )
  return JSON.parse(text.replaceAll(/"h\d"/g, '"h"'))
}

function together(nodes: readonly unknown[]): unknown[] {
  const all: unknown[] = []
  for (const node of nodes)
    if (typeof node === 'string' && typeof all.at(-1) === 'string')
      all.push(String(all.pop()) + node)
    else all.push(node)
  return all
}
