import { gridColumns } from '#common/figure/token-grid.ts'
import { describe, expect, it } from 'vitest'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import { lensExtent, lensGrid, lensLook, type LensOf } from '#common/figure/views/lens-figure.ts'
import { plainLook } from '#common/figure/views/look-params.ts'

const token = (id: number, text: string) => ({
  ...{ id, piece: text, text, start: 0, end: 0, special: false }
})
const vocabulary = [token(0, 'a'), token(1, 'b'), token(2, 'c')]
const variable = (axes: string[], data: Variable['data']) => ({ axes, data, unit: '', about: '' })
/** Two streams over three tokens; 2 and 1 follow the first and the second. */
const result = dataset(
  {
    stream: axis(2),
    pos: axis(['a', 'c', 'b']),
    predicted: axis(['c', 'b']),
    rank: axis(2),
    token: axis(2)
  },
  {
    top: variable(['stream', 'pos', 'rank'], Int32Array.of(0, 1, 2, 0, 1, 0, 2, 1, 0, 2, 1, 2)),
    top_prob: variable(
      ['stream', 'pos', 'rank'],
      Float64Array.of(0.5, 0.25, 0.625, 0.25, 0.75, 0.125, 0.875, 0.0625, 0.5, 0.375, 0.5, 0.25)
    ),
    kl_final_lens: variable(['stream', 'pos'], Float64Array.of(1, 2, 3, 0, 0, 0)),
    entropy: variable(['stream', 'pos'], Float64Array.of(0.5, 0.625, 0.75, 0.125, 0.25, 0.375)),
    next_rank: variable(['stream', 'predicted'], Int32Array.of(2, 1, 0, 2)),
    next_prob: variable(['stream', 'predicted'], Float64Array.of(0.0625, 0.1875, 0.875, 0.03125)),
    token_rank: variable(
      ['stream', 'pos', 'token'],
      Int32Array.of(9, 0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5)
    ),
    token_prob: variable(['stream', 'pos', 'token'], new Float64Array(12)),
    predicted_token: variable(['predicted'], Int32Array.of(2, 1)),
    asked_token: variable(['token'], Int32Array.of(2, 0))
  },
  { tokens: vocabulary.map(own => ({ ...own })) }
)
const written = [token(0, 'a'), token(2, 'c'), token(1, 'b')].map(own => ({ ...own, readAs: null }))
const grid = (own: Partial<LensOf> = {}) =>
  lensGrid(result, written, { part: 'resid', color: 'probability', target: null, ...own }, 3)
const texts = (tokens: readonly ({ text: string } | null)[]) => tokens.map(own => own?.text ?? null)

describe('a lens as a grid', () => {
  it('has the last layer on top, the top token of each, and what follows in bold', () => {
    const { rows, cells, values, expected, hits } = grid()
    expect(rows).toEqual(['0', 'embed'])
    expect(texts(cells)).toEqual(['c', 'a', 'b', 'a', 'c', 'b'])
    expect([...values]).toEqual([0.875, 0.5, 0.5, 0.5, 0.625, 0.75])
    expect(texts(expected!)).toEqual(['c', 'b', null])
    expect([...hits]).toEqual([1, 0, 0, 0, 0, 0])
  })

  it('says of the next token rank and probability, of the last position none', () => {
    expect([...grid({ color: 'rank' }).values]).toEqual([0, 2, NaN, 2, 1, NaN])
    expect([...grid({ color: 'target' }).values]).toEqual([
      ...[0.875, 0.03125, NaN, 0.0625, 0.1875, NaN]
    ])
    expect(grid({ color: 'rank' })).toMatchObject({
      ranks: 3,
      unit: 'rank of the next token, counted from 0'
    })
  })

  it('says them of a token that is looked for everywhere', () => {
    const { values, hits, unit } = grid({ color: 'rank', target: 0 })
    expect([...values]).toEqual([3, 4, 5, 0, 1, 2])
    expect([...hits]).toEqual([0, 1, 0, 1, 0, 0])
    expect(unit).toBe('rank of a, counted from 0')
  })

  it('says how far each is from the end, and how undecided', () => {
    expect([...grid({ color: 'kl' }).values]).toEqual([0, 0, 0, 1, 2, 3])
    expect([...grid({ color: 'entropy' }).values]).toEqual([0.125, 0.25, 0.375, 0.5, 0.625, 0.75])
  })

  it('is cut to some of its columns', () => {
    const part = gridColumns(grid({ color: 'kl' }), 1, 3)
    expect(part).toMatchObject({ from: 1, tokens: [{ text: 'c' }, { text: 'b' }] })
    expect(texts(part.cells)).toEqual(['a', 'b', 'c', 'b'])
    expect([...part.values]).toEqual([0, 0, 2, 3])
    expect(texts(part.expected!)).toEqual(['b', null])
  })

  it('has colours up to its highest value, or to all that may be where that is known', () => {
    const range = lensExtent(grid({ color: 'entropy' }))
    expect(range).toEqual({ low: 0, high: 0.75 })
    const look = { ...plainLook, scale: 'sqrt', range } as const
    const of = (color: Parameters<typeof lensLook>[1], follows: boolean) =>
      lensLook({ ...look, follows }, color, 3)
    expect(of('entropy', true)).toMatchObject({ range, follows: true, scale: 'linear' })
    expect(of('entropy', false).range).toEqual({ low: 0, high: Math.log(3) })
    expect(of('probability', false)).toMatchObject({ range: { high: 1 }, scale: 'sqrt' })
    // Of what may be of any size none is fixed.
    expect(of('kl', false)).toMatchObject({ range, follows: true })
    expect(lensLook({ ...look, range: { low: 0, high: 0 } }, 'kl', 3).range.high).toBe(1)
  })
})
