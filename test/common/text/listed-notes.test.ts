import { expect, it } from 'vitest'
import type { Note } from '#common/model/session.ts'
import { foundNotes, listedNotes, notesMarkdown } from '#common/text/listed-notes.ts'

const textOf = (on: Note['on']) => (on === null ? 'Session' : 'tab' in on ? on.tab : 'Head 0.1 · m')
const head = { model: { path: '/m', fingerprint: 'f' }, at: { layer: 0, head: 1 } }
const note = (id: string, on: Note['on'], markdown: string, at = 0): Note => ({
  ...{ id, on, markdown, at }
})
const notes = [
  note('a', head, 'Looks *back*'),
  note('b', { tab: 'Overview' }, 'of tensors'),
  note('c', null, 'the first\n', Date.UTC(2026, 10, 26, 21, 5, 40)),
  note('d', head, 'at one token', 1),
  note('e', null, 'the second')
]
const ids = (query: string) => listedNotes(notes, query, textOf).map(({ id }) => id)

it('lists what is of the session first, then what is of each place together, as it was begun', () => {
  expect(ids('')).toEqual(['c', 'e', 'a', 'd', 'b'])
})

it('finds words of what is written and of what it is of', () => {
  expect(ids('TOKEN head')).toEqual(['d'])
  expect(ids('overview')).toEqual(['b'])
  expect(ids('nothing of this')).toEqual([])
})

it('leaves the one that is being written, whatever words of it are there still', () => {
  const found = foundNotes(notes, 'nothing of this', textOf, 'd')
  expect(found.map(({ id }) => id)).toEqual(['d'])
})

it('is a document with each place once, and when each was written', () => {
  const chosen = listedNotes(notes, '', textOf).slice(0, 3)
  expect(notesMarkdown('First: notes', chosen, textOf)).toBe(
    [
      '# First: notes',
      '## Session',
      '*2026-11-26 21:05 UTC*',
      'the first',
      '*1970-01-01 00:00 UTC*',
      'the second',
      '## Head 0.1 · m',
      '*1970-01-01 00:00 UTC*',
      'Looks *back*\n'
    ].join('\n\n')
  )
})
