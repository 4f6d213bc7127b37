import { describe, expect, it } from 'vitest'
import type { PanelContent } from '#common/figure/panels/panel-content.ts'
import { draftTitles, panelCaption, panelTitles } from '#common/figure/panels/panel-words.ts'
import type { KeptProvenance, Origin } from '#common/figure/provenance.ts'

const of = (place: string): Origin => ({
  ...{ model: 'bard', fingerprint: 'f', input: { text: 'To be' }, edits: [] },
  ...{ provider: 'cpu', place }
})
const again = { view: 'attention', params: {} }
function contentOf(title: string, note = '', own: Partial<KeptProvenance> = {}): PanelContent {
  const from = {
    version: '1',
    of: of('Head 3.1'),
    less: null,
    precision: 'float32',
    again
  } as const
  return { title, from: { ...from, ...own }, made: { note } } as unknown as PanelContent
}
function titles(...of: Parameters<typeof contentOf>) {
  return draftTitles(contentOf(...of))
}

describe('the title of a panel', () => {
  it('is its place, and with its view where that is another panel’s, too', () => {
    expect(titles('bard · Head 3.1 · attention')).toEqual(['Head 3.1', 'Head 3.1, attention'])
    expect(titles('bard · weights', 'bars')).toEqual(['Head 3.1', 'Head 3.1, bars'])
  })

  it('says of two sides that it is of both, whatever else the figure has', () => {
    const both = { beside: of('Head 3.1') }
    expect(titles('bard · Head 3.1 · A and B · text', 'both sides', both)).toEqual([
      'Head 3.1, both sides',
      'Head 3.1, both sides, text'
    ])
    expect(titles('bard · A and B', 'bars, both sides', { beside: of('Head 2.1') })).toEqual([
      'Head 3.1 and Head 2.1, both sides',
      'Head 3.1 and Head 2.1, both sides, bars'
    ])
  })

  it('says of a difference that it is one', () => {
    const less = { less: of('Head 3.1') }
    expect(titles('bard · Head 3.1 · A, less B · text', '', less)).toEqual([
      'Head 3.1, difference',
      'Head 3.1, difference, text'
    ])
    expect(titles('bard · Head 3.1 · A, less B · difference of attention', '', less)).toEqual([
      'Head 3.1, difference',
      'Head 3.1, difference of attention'
    ])
  })

  it('is told with its view where any before it has it, not the first alone', () => {
    const lines = contentOf('bard · lines', 'lines')
    const contents = [contentOf('bard · maps', 'maps', { of: of('Head 2.0') }), lines, lines]
    const drafted = contents.map(() => ({ title: null }))
    expect(panelTitles(drafted, contents)).toEqual(['Head 2.0', 'Head 3.1', 'Head 3.1, lines'])
  })
})

it('a panel that cannot be drawn is captioned by what it is of, without why', () => {
  const caption = panelCaption({ caption: null }, contentOf('bard · lines'), 'No such kind')
  expect(caption).toContain('Head 3.1')
  expect(caption).not.toContain('No such kind')
})
