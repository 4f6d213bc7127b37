import { describe, expect, it } from 'vitest'
import { linkAddress, markdownTree, mostMarkdown } from '#common/text/markdown.ts'

describe('a text in Markdown', () => {
  it('is elements and letters, HTML among these', () => {
    expect(markdownTree('2. <b>x</b> [a](https://example.org/)')).toEqual([
      {
        ...{ tag: 'ol', isBlock: true, start: 2 },
        within: [
          {
            ...{ tag: 'li', isBlock: true },
            within: [
              '<b>x</b> ',
              { tag: 'a', isBlock: false, within: ['a'], url: 'https://example.org/' }
            ]
          }
        ]
      }
    ])
  })

  it('is not read where it is very long', () => {
    expect(markdownTree('*'.repeat(mostMarkdown + 1))).toBeNull()
  })
})

describe('a link', () => {
  it('leads to pages only', () => {
    expect(linkAddress('https://example.org/a b')).toBe('https://example.org/a%20b')
    for (const href of [
      'javascript:1',
      'JAVASCRIPT:1',
      'file:///a',
      'lamella:x',
      '//x.org',
      '#top',
      ''
    ])
      expect(linkAddress(href)).toBe(null)
  })
})
