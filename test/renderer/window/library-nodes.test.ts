import { describe, expect, it } from 'vitest'
import type { LibraryItem, PastRun } from '#common/model/library.ts'
import {
  libraryNodes,
  type Listing
} from '../../../src/renderer/src/window/explorers/library-nodes.ts'

const now = new Date(2026, 10, 26, 12).getTime()
const past = (text: string, own: Partial<PastRun['source']> = {}): PastRun => ({
  source: {
    model: { path: '/a', fingerprint: 'f' },
    input: { text },
    edits: [],
    provider: 'auto',
    ...own
  },
  modelName: 'model a',
  at: now
})
const item = (name: string, text: string): LibraryItem => ({
  kind: 'text',
  name,
  input: { text }
})
const listing = (own: Partial<Listing>): Listing => ({
  history: [],
  items: [],
  query: '',
  troubleOf: () => null,
  isReadAsKept: () => false,
  whole: [],
  modelNameOf: ({ source }) => `model ${source.model.path.slice(1)}`,
  isOfOtherFiles: ({ source }) => source.model.fingerprint !== 'f',
  modelPath: '/a',
  now,
  ...own
})
const lines = (own: Partial<Listing>) =>
  libraryNodes(listing(own)).map(({ label, children }) => [
    label,
    ...children!.map(({ label }) => label)
  ])

describe('the lines of the library', () => {
  it('say both texts of a pair, each in its direction, and what edits do', () => {
    const items: LibraryItem[] = [
      { kind: 'pair', name: 'Names', clean: { text: 'Mary' }, corrupt: { text: 'שלום' } },
      {
        kind: 'edits',
        name: 'Ablate',
        edits: [{ hook: 'blocks.5.attn.hook_z', at: { head: [1] }, scale: 0, add: null }]
      }
    ]
    const nodes = libraryNodes(listing({ items }))
    const told = nodes.filter(({ label }) => /pairs|Edits/.test(label))
    expect(told.map(({ label, children }) => [label, children![0]!.below])).toEqual([
      ['Contrast pairs', '\u2068Mary\u2069 ↔ \u2068שלום\u2069'],
      ['Edits', 'head 5.1 ablated']
    ])
    expect(nodes[2]!.children![0]!.title).toBe('Mary\n↔\nשלום')
  })

  it('tell runs of other files of a model from those of the ones that it has, and from one another', () => {
    const of = (fingerprint: string) => past('To be', { model: { path: '/a', fingerprint } })
    const history = [of('f'), of('0123456789'), of('abcdef0123')]
    const [runs] = libraryNodes(listing({ history }))
    const below = runs!.children!.map(({ below }) => below)
    expect(below).toEqual(['', 'other files 01234567', 'other files abcdef01'])
    expect(runs!.children![1]!.title).toContain('model a · other files 01234567')
    expect(new Set(runs!.children!.map(({ key }) => key)).size).toBe(3)
  })

  it('say what a layout holds', () => {
    const tab = { type: 'head', on: 'A', with: null } as const
    const parts = [0, 1].map(() => ({ share: 0.5, tabs: [tab], front: 0 }))
    const items: LibraryItem[] = [
      { kind: 'layout', name: 'Mine', layout: { direction: 'row', parts, floating: [] } }
    ]
    expect(libraryNodes(listing({ items })).at(-1)).toMatchObject({
      label: 'Layouts',
      children: [{ label: 'Mine', below: '2 tabs in 2 panes', kind: 'item' }]
    })
  })

  it('say how much a corpus holds, how it is cut, and what has become of it', () => {
    const own = { kind: 'corpus', window: null, stride: null } as const
    const seen = { files: 3, bytes: 12_000, left: 1, mark: 'm' }
    const texts = [
      { name: 'a', input: { text: 'To be' } },
      { name: 'b', input: { text: 'or' } }
    ]
    const items: LibraryItem[] = [
      { ...own, name: 'Books', of: { path: '/books', seen }, window: 128, stride: 64 },
      { ...own, name: 'Lines', of: { texts } }
    ]
    const troubleOf = ({ name }: { name: string }) => (name === 'Books' ? 'is gone' : null)
    const corpora = libraryNodes(listing({ items, troubleOf })).find(
      ({ label }) => label === 'Corpora'
    )
    expect(corpora!.children).toMatchObject([
      {
        below: '3 files, 11.7 KB, 1 left out · windows of 128 · every 64',
        title: '/books',
        trouble: 'is gone'
      },
      { below: '2 texts, 7 characters', title: 'a\nb', trouble: null }
    ])
  })

  it('say what would fill a group that is empty', () => {
    const [ran, named] = libraryNodes(listing({}))
    expect(ran!.children).toMatchObject([{ kind: 'empty' }])
    expect(ran!.children![0]!.label).toMatch(/^Each text that runs/)
    expect(named!.children).toMatchObject([{ kind: 'empty' }])
    expect(named!.note).toBe('')
  })

  it('say the edits of a run, when it was, and its model where that is another', () => {
    const edits = [
      { hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null },
      { hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0.5, add: null }
    ]
    const other = { path: '/b', fingerprint: 'f' }
    const [ran] = libraryNodes(
      listing({ history: [past('one\ntwo', { edits }), past('one', { model: other })] })
    )
    expect(ran!.children).toMatchObject([
      { label: 'one two', below: 'head 2.1 ablated · MLP of block 0 × 0.5', note: '12:00' },
      { label: 'one', below: '\u2068model b\u2069' }
    ])
    expect(ran!.children![0]!.title).toBe(
      'one\ntwo\nmodel a · head 2.1 ablated · MLP of block 0 × 0.5 · 26 Nov 2026, 12:00'
    )
  })

  it('are few until all are asked for', () => {
    const history = Array.from({ length: 9 }, (_, i) => past(`text ${i}`))
    expect(lines({ history })[0]).toHaveLength(8)
    expect(lines({ history })[0]!.at(-1)).toBe('3 more')
    expect(libraryNodes(listing({ history }))[0]!.note).toBe('9')
    expect(lines({ history, whole: ['Ran lately'] })[0]).toHaveLength(10)
    // One more is shown sooner than counted.
    expect(lines({ history: history.slice(0, 7) })[0]!.at(-1)).toBe('text 6')
  })

  it('are found by text, name, model and edit, in every word, with nothing of the rest', () => {
    const edits = [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }]
    const history = [past('To be, or not'), past('First Citizen', { edits })]
    const items = [item('Hamlet', 'To be'), item('Romeo', 'But soft')]
    const find = (query: string) => lines({ history, items, query })
    expect(find('to BE')).toEqual([
      ['Ran lately', 'To be, or not'],
      ['Named texts', 'Hamlet']
    ])
    expect(find('romeo')).toEqual([['Named texts', 'Romeo']])
    expect(find('ablated 2.1')).toEqual([['Ran lately', 'First Citizen']])
    expect(find('citizen hamlet')).toEqual([])
  })
})
