import { describe, expect, it } from 'vitest'
import { hiddenStates } from '#common/analysis/hidden-states/hidden-states.ts'
import type { ModelFacts, Window } from '#common/analysis/analysis.ts'
import type { Dataset } from '#common/data/dataset.ts'
import {
  hiddenCurves,
  hiddenGrid,
  hiddenMap,
  placeLabels
} from '#common/figure/views/hidden-figures.ts'
import { gridRange } from '#common/figure/views/value-grid.ts'
import { idToken } from '#common/model/token.ts'

const model = {
  ...{ name: 'small', texts: new Map() },
  config: { nLayers: 1, nHeads: 1, nKeyValueHeads: 1, dModel: 2, dHead: 2, dVocab: 9, nCtx: 9 }
} as unknown as ModelFacts
/** Of three tokens: the first stays, the second turns by a right angle, the third becomes twice as long. */
const input = Float32Array.of(1, 0, 1, 0, 0, 2)
const after = Float32Array.of(1, 0, 0, 1, 0, 4)
const tokens = [5, 6, 5].map(id => ({ ...idToken(id), readAs: null }))

function result(texts: number): Dataset {
  const taking = hiddenStates.start(hiddenStates.params.parse({ word: 5 }), model, null)
  for (let i = 0; i < texts; i++) {
    const window: Window = { ids: Int32Array.of(5, 6, 5), texts: null, label: `text ${i}` }
    taking.begin(window)
    for (const [hook, data] of [
      ['blocks.0.hook_resid_pre', input],
      ['blocks.0.hook_resid_post', after]
    ] as const)
      taking.take({ kind: 'hook', hook, shape: [3, 2], data }, 0)
  }
  return taking.result()
}

describe('hidden states as figures', () => {
  it('have the last layer on top, and each number where its token is', () => {
    const grid = hiddenGrid(result(1), tokens, 'moved')
    expect(grid.rows).toEqual(['0', 'input'])
    const moved = [...grid.values]
    expect(moved.slice(0, 3)).toEqual([0, Math.fround(Math.SQRT2), 2])
    expect(moved.slice(3)).toEqual([NaN, NaN, NaN])
    expect(grid.cells[2]!.text).toBe('2.0')
    expect(gridRange(grid)).toEqual({ low: 0, high: 2 })
  })

  it('compare tokens, and a word at its places, by their cosines', () => {
    const own = result(1)
    expect([...hiddenMap(own, 'tokens', ['a', 'b', 'a'], 'after block 0', false)!.values]).toEqual([
      ...[1, 0, 0],
      ...[0, 1, 1],
      ...[0, 1, 1]
    ])
    expect([...hiddenMap(own, 'word', [], '', false)!.values]).toEqual([1, 0, 0, 1])
    expect(placeLabels(own, ['text'])).toEqual(['at 0', 'at 2'])
    expect(placeLabels(result(2), ['x', 'y'])).toEqual([
      ...['at 0 of x', 'at 2 of x'],
      ...['at 0 of y', 'at 2 of y']
    ])
    expect(hiddenMap(result(2), 'texts', ['x', 'y'], '', false)!.values[1]).toBeCloseTo(1, 6)
    expect(hiddenMap(result(2), 'tokens', [], '', false)).toBeNull()
  })

  it('say what any two tokens have in common beside how far each turns', () => {
    const [anisotropy, toInput, before] = hiddenCurves(result(1)).series
    expect([...anisotropy!.x]).toEqual([-1, 0])
    expect(anisotropy!.y[0]).toBeCloseTo(1 / 3, 12)
    expect(anisotropy!.y[1]).toBeCloseTo(1 / 3, 12)
    expect(toInput!.y[1]).toBeCloseTo(2 / 3, 12)
    expect(before!.y[1]).toBeCloseTo(2 / 3, 12)
  })
})
