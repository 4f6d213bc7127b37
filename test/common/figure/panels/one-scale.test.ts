import { expect, it } from 'vitest'
import type { KeptDrawing } from '#common/figure/drawing.ts'
import { withOneScale } from '#common/figure/panels/one-scale.ts'

const map = (low: number, high: number, own: object = {}, look: object = {}): KeptDrawing => ({
  parts: [
    {
      kind: 'attention-map',
      data: { quantity: 'weight', unit: null, firstHidden: false, ...own },
      look: {
        ...{ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'maximum' },
        ...look,
        range: { low, high }
      },
      size: null
    }
  ],
  names: []
})
const ranges = (all: readonly KeptDrawing[]) =>
  withOneScale(all).map(
    ({
      drawing: {
        parts: [part]
      }
    }) => {
      const { range, shared = false } = part!.look
      return [range.low, range.high, shared]
    }
  )

it('gives panels that show the same the range of all of them', () => {
  expect(ranges([map(0, 0.5), map(0.1, 0.9)])).toEqual([
    [0, 0.9, true],
    [0, 0.9, true]
  ])
})

it('leaves alone what shows something else, or has a fixed range', () => {
  const others = [
    map(-1, 1, { quantity: 'difference' }),
    map(0, 1, {}, { follows: false }),
    map(0, 0.7, {}, { scale: 'linear' })
  ]
  expect(ranges([map(0, 0.5), ...others])).toEqual([
    [0, 0.5, false],
    [-1, 1, false],
    [0, 1, false],
    [0, 0.7, false]
  ])
})

it('says of which maps the bars of colours would be the same', () => {
  const fixed = map(0, 1, {}, { follows: false })
  const meanings = withOneScale([map(0, 0.5), map(0.1, 0.9), fixed, fixed]).map(
    ({ meaning }) => meaning
  )
  expect(meanings[0]).toBe(meanings[1])
  expect(meanings[2]).toBe(meanings[3])
  expect(meanings[2]).not.toBe(meanings[0])
  const heads = map(0, 1)
  const others = heads.parts.map(part => ({ ...part, kind: 'head-map' }))
  expect(withOneScale([{ parts: others, names: [] }])[0]!.meaning).toBeNull()
})

it.each([
  ['shaded-text', { quantity: 'weight', unit: 'surprisal', ranks: null }],
  ['token-grid', { unit: 'probability', ranks: null }],
  ['head-grid', { name: 'attention weight', firstHidden: false }],
  ['weight-map', { name: 'weight' }],
  ['head-map', { name: 'induction', quantity: 'weight' }],
  ['distance-matrix', { unit: 'nats' }]
])('gives each kind with a bar of a range that of all: %s', (kind, data) => {
  const of = (low: number, high: number, own: object = {}): KeptDrawing => ({
    ...map(low, high),
    parts: map(low, high).parts.map(part => ({ ...part, kind, data: { ...data, ...own } }))
  })
  expect(ranges([of(0, 0.326), of(0.1, 0.177), map(0, 0.9)])).toEqual([
    [0, 0.326, true],
    [0, 0.326, true],
    [0, 0.9, false]
  ])
  // Ranks have no range.
  const ranked = of(0, 1, { ranks: 100 })
  expect(ranges([ranked, of(0, 2, { ranks: 100 })])[0]).toEqual([0, 1, false])
})
