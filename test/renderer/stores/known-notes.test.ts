import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { useKnownNotes } from '../../../src/renderer/src/stores/known-notes.ts'

beforeEach(() => setActivePinia(createPinia()))

const told = (fingerprint: string, ...notes: string[]) => ({ fingerprint, notes })

it('notes are unknown until they were looked at, and new ones again', () => {
  const known = useKnownNotes()
  expect(known.unknownOf(told('a', 'merged', 'left out'))).toEqual(['merged', 'left out'])
  known.look(told('a', 'merged'))
  expect(known.unknownOf(told('a', 'merged', 'left out'))).toEqual(['left out'])
  expect(known.unknownOf(told('b', 'merged'))).toEqual(['merged'])
})

it('of many models those that were looked at last are known', () => {
  const known = useKnownNotes()
  for (let model = 0; model <= 200; model++) known.look(told(`m${model}`, 'note'))
  expect(known.unknownOf(told('m0', 'note'))).toEqual(['note'])
  expect(known.unknownOf(told('m1', 'note'))).toEqual([])
  expect(Object.keys(known.known)).toHaveLength(200)
})
