import { expect, it } from 'vitest'
import { movedTo } from '#common/model/moved-to.ts'

it('speaks of a model where it lies now, in references, alone and as a key, and of no other', () => {
  const from = { path: '/a', fingerprint: 'f' }
  const to = { path: '/new/a', fingerprint: 'g' }
  const state = (ref: typeof from) => ({
    models: [ref.path, '/a/b'],
    groups: [{ model: ref.path, texts: { [ref.path]: '/ab', '/b': 'text' }, cell: null }],
    tabs: [
      { context: { on: { run: { model: ref, input: { text: 'of /a' } }, at: { layer: 1 } } } }
    ],
    others: [{ path: '/c', fingerprint: 'f' }, 3, true]
  })
  expect(movedTo(state(from), from, to)).toEqual(state(to))
})

it('leaves other files of the path as they were called', () => {
  const other = { path: '/a', fingerprint: 'other' }
  const moved = movedTo(other, { path: '/a', fingerprint: 'f' }, { path: '/b', fingerprint: 'g' })
  expect(moved.fingerprint).toBe('other')
})
