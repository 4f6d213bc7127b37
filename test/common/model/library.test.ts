import { describe, expect, it } from 'vitest'
import {
  freeName,
  withItem,
  withoutItem,
  withoutRuns,
  withRuns,
  type LibraryItem,
  type PastRun
} from '#common/model/library.ts'

const past = (text: string, at: number, own: Partial<PastRun['source']> = {}): PastRun => ({
  source: {
    model: { path: '/a', fingerprint: 'f' },
    input: { text },
    edits: [],
    provider: 'auto',
    ...own
  },
  modelName: 'a',
  at
})
const text = (name: string, of = name): LibraryItem => ({ kind: 'text', name, input: { text: of } })
const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name)

describe('a history', () => {
  it('is newest first, and of equal runs has the latest, whoever computed it', () => {
    const edits = [{ hook: 'blocks.0.attn.hook_z', at: {}, scale: 0, add: null }]
    const known = withRuns([], [past('one', 1), past('two', 2)])
    const more = withRuns(known, [
      past('one', 3, { provider: 'cpu' }),
      past('one', 4, { edits }),
      past('one', 5, { model: { path: '/b', fingerprint: 'f' } })
    ])
    expect(more.map(({ at }) => at)).toEqual([5, 4, 3, 2])
    expect(withoutRuns(more, [past('one', 9)]).map(({ at }) => at)).toEqual([5, 4, 2])
  })

  it('has those of former files of a model beside those of the ones that took their place', () => {
    const now = past('one', 2, { model: { path: '/a', fingerprint: 'other' } })
    const both = withRuns([past('one', 1)], [now])
    expect(both.map(({ at }) => at)).toEqual([2, 1])
    expect(withoutRuns(both, [now])).toEqual([past('one', 1)])
  })

  it('has a hundred runs at most, and of long texts fewer, the latest', () => {
    const many = Array.from({ length: 130 }, (_, i) => past(`text ${i}`, i))
    expect(withRuns([], many).map(({ at }) => at)).toEqual(
      Array.from({ length: 100 }, (_, i) => 129 - i)
    )
    const long = [1, 2, 3].map(at => past(String(at).repeat(400_000), at))
    expect(withRuns([], long).map(({ at }) => at)).toEqual([3, 2])
    expect(withRuns([], [past('x'.repeat(2 ** 20), 1), past('short', 0)])).toEqual([
      past('short', 0)
    ])
  })
})

describe('what has a name', () => {
  it('is sorted by it, with numbers as numbers', () => {
    const items = ['b 10', 'b 9', 'A'].reduce<LibraryItem[]>(
      (before, name) => withItem(before, text(name), null),
      []
    )
    expect(names(items)).toEqual(['A', 'b 9', 'b 10'])
  })

  it('takes the place of what had its name, or the one that is said', () => {
    const items = [text('a'), text('b')]
    expect(withItem(items, text('b', 'new'), null)).toEqual([text('a'), text('b', 'new')])
    expect(withItem(items, text('c', 'a'), 'a')).toEqual([text('b'), text('c', 'a')])
    expect(withoutItem(items, text('a'))).toEqual([text('b')])
  })

  it('is given one that is free, of one line', () => {
    expect(freeName([], 'text', '  To be,\n or not ')).toBe('To be, or not')
    expect(freeName([text('a')], 'text', 'a')).toBe('a 2')
    expect(freeName([text('a'), text('a 2'), text('a 3')], 'text', 'a 2')).toBe('a 4')
    expect(freeName([], 'text', '\n')).toBe('Untitled')
    expect(freeName([], 'text', 'x'.repeat(100))).toHaveLength(60)
  })
})
