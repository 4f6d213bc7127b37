import { describe, expect, it } from 'vitest'
import { objectSet } from '#common/model/object-set.ts'
import {
  objectsOf,
  readersOf,
  selectedPoints
} from '../../../../src/renderer/src/views/projector/selected-points.ts'
import type { ShownPoints } from '#common/analysis/project/shown-points.ts'

const points = (set: ShownPoints['set'], index: number[], layer: number[] | null = null) => ({
  ...({ set } as ShownPoints),
  index: Int32Array.from(index),
  layer: layer && Int32Array.from(layer)
})

describe('points that are selected together', () => {
  it('stand for tokens of the vocabulary by their ids', () => {
    const shown = points('input', [7, 30, 12])
    const set = objectsOf(shown, [0, 2], 1)
    expect(set).toEqual({ kind: 'entry', ids: ['7', '12'] })
    expect(selectedPoints(shown, { selected: set, run: null }, 1)).toEqual([0, 2])
  })

  it('stand for heads of their layer, of keys for all that read one', () => {
    const counts = { nHeads: 4, nKeyValueHeads: 2 }
    const keys = points('W_K', [0, 1, 0], [0, 0, 1])
    const set = objectsOf(keys, [1, 2], readersOf('W_K', counts))
    expect(set).toEqual({ kind: 'head', ids: ['0.2', '0.3', '1.0', '1.1'] })
    expect(selectedPoints(keys, { selected: set, run: null }, 2)).toEqual([1, 2])
    const queries = points('W_Q', [0, 1, 2, 3], [0, 0, 0, 0])
    expect(selectedPoints(queries, { selected: set, run: null }, readersOf('W_Q', counts))).toEqual(
      [2, 3]
    )
    const neurons = points('W_in', [0, 2], [1, 0])
    expect(
      selectedPoints(neurons, { selected: set, run: null }, readersOf('W_in', counts))
    ).toEqual([])
  })

  it('stand for nothing that others know where they are texts', () => {
    const texts = points('sentences', [0, 1])
    expect(objectsOf(texts, [0], 1)).toBeNull()
    expect(selectedPoints(texts, { selected: objectSet('token', [0]), run: null }, 1)).toEqual([])
  })
})
