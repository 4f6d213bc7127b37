import { describe, expect, it } from 'vitest'
import { ObjectSet, objectSet, objectSetText } from '#common/model/object-set.ts'

describe('objects that are selected together', () => {
  it('are each there once, and none are no set', () => {
    expect(objectSet('token', [3, 1, 3])).toEqual({ kind: 'token', ids: ['3', '1'] })
    expect(objectSet('head', [])).toBeNull()
  })

  it('are counted in words', () => {
    expect(objectSetText(objectSet('head', ['0.1'])!)).toBe('1 head')
    expect(objectSetText(objectSet('entry', [5, 7])!)).toBe('2 tokens of the vocabulary')
    expect(objectSetText(objectSet('neuron', ['0.1', '0.2'])!)).toBe('2 neurons')
    expect(objectSetText(objectSet('position', [5])!)).toBe('1 position')
  })

  it('have ids of numbers alone', () => {
    expect(ObjectSet.safeParse({ kind: 'head', ids: ['0.11'] }).success).toBe(true)
    for (const id of ['__proto__', '0.', '-1', '1.2.3', '1234567890'])
      expect(ObjectSet.safeParse({ kind: 'head', ids: [id] }).success).toBe(false)
    expect(ObjectSet.safeParse({ kind: 'head', ids: [] }).success).toBe(false)
  })
})
