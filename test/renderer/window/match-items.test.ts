import { describe, expect, it } from 'vitest'
import { matching } from '../../../src/renderer/src/window/palette/match-items.ts'

const entries = [
  { group: 'Select', title: 'Previous head' },
  { group: 'Select', title: 'Head that attends most to the previous token' },
  { group: 'Theme', title: 'Theme: dark' }
]
const titles = (query: string) => matching(entries, query).map(({ title }) => title)

describe('matching', () => {
  it('keeps the order without a query', () => expect(titles('')).toHaveLength(3))
  it('wants every word, in any order, in title or group', () => {
    expect(titles('dark theme')).toEqual(['Theme: dark'])
    expect(titles('select previous')).toHaveLength(2)
    expect(titles('head xyz')).toEqual([])
  })
  it('finds by other words, and takes no dots of menus for any', () => {
    const item = { group: 'Model', title: 'Close shakespeare-char', words: 'Close the model' }
    expect(matching([...entries, item], 'close the model…')).toEqual([item])
  })
  it('puts a title with the words as typed before one with them in another order', () => {
    const directions = ['Direction: left to right', 'Direction: right to left']
    const found = matching(
      directions.map(title => ({ group: '', title })),
      'right to left'
    )
    expect(found[0]!.title).toBe(directions[1])
  })
  it('puts what is called as is typed before what only begins so', () => {
    const undo = ['Undo all of it', 'Undo'].map(title => ({ group: '', title }))
    expect(matching(undo, 'undo').map(({ title }) => title)).toEqual(['Undo', 'Undo all of it'])
  })
  it('puts titles that begin with the query first', () =>
    expect(titles('head')[0]).toBe('Head that attends most to the previous token'))
})
