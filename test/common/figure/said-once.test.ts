import { expect, it } from 'vitest'
import { saidOnce } from '#common/figure/said-once.ts'
import { isolated } from '#common/text/token-text.ts'

it('says above all what they have in common, and above each what tells it from the others', () => {
  // One head on two texts, of two models, two heads.
  expect(saidOnce(['a · Head 1.3', 'a · Head 1.3'], ['To be', 'Or not'])).toEqual({
    ...{ title: 'a · Head 1.3', names: ['To be', 'Or not'] }
  })
  expect(saidOnce(['a · Head 1.3', 'b · Head 1.3'], ['a', 'b'])).toEqual({
    ...{ title: 'Head 1.3', names: ['a', 'b'] }
  })
  expect(
    saidOnce(['a · Head 1.3', 'a · Head 2.0'], ['Head 1.3 · To be', 'Head 2.0 · Or not'])
  ).toEqual({ title: 'a', names: ['Head 1.3 · To be', 'Head 2.0 · Or not'] })
})

it('loses nothing that a title says, and says no word of it twice', () => {
  expect(saidOnce(['a · kept', 'b · all'], ['a', 'b'])).toEqual({
    ...{ title: null, names: ['a · kept', 'b · all'] }
  })
  expect(
    saidOnce(['a · Head 0.1', 'a · Head 0.1'], ['Head 0.1 · To be', 'Head 0.1 · Or not'])
  ).toEqual({ title: 'a · Head 0.1', names: ['To be', 'Or not'] })
  const word = isolated('שלום')
  expect(saidOnce([`a · ${word}`, 'a · b'], ['שלום', 'b'])).toEqual({
    ...{ title: 'a', names: ['שלום', 'b'] }
  })
})

it('leaves names where there are no titles, or where these say as much', () => {
  expect(saidOnce([null, null], ['one', 'other'])).toEqual({ title: null, names: ['one', 'other'] })
  expect(saidOnce(['a', 'a'], ['a', 'a'])).toEqual({ title: 'a', names: ['a', 'a'] })
})
