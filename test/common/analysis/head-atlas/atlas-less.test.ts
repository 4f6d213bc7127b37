import { describe, expect, it } from 'vitest'
import { atlasLess, atlasLessDataset, headsLess } from '#common/analysis/head-atlas/atlas-less.ts'
import { dataset } from '#common/data/dataset.ts'
import { atlasScore } from '#common/analysis/head-atlas/atlas-scores.ts'
import type { HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import { mapData } from '#common/figure/views/score-map.ts'

const score = (value: number, low = NaN, high = NaN) => ({
  ...{ value, low, high, baseline: 0.25, spread: 0.1, p: 0.01, windows: 4 }
})
/** What an atlas is made of: of it the difference says how its texts were cut. */
const cutInto = (window: number, more = {}) => dataset({}, {}, { window, stride: null, ...more })
/** Of one layer, each head by its score. */
function atlas(scores: readonly ReturnType<typeof score>[], curve: readonly number[]): HeadAtlas {
  return {
    layers: [0],
    nHeads: scores.length,
    scores: [atlasScore('previous_token')],
    windows: 4,
    heads: scores.map((own, head) => ({
      ...{ layer: 0, head, uniformCurve: null },
      bestOffset: { offset: 1, value: 0 },
      curve: Float64Array.from(curve),
      scores: { previous_token: own }
    }))
  }
}
const a = atlas([{ ...score(0.75, 0.5, 1), baseline: 0.375 }, score(0.25)], [0.125, 0.5, 0.25])
const b = atlas([score(0.25, 0.25, 0.5), score(0.5)], [0.5, 0.25, 0.75, 0.5])

describe('an atlas less another', () => {
  const less = atlasLess(a, b)
  const of = (head: number) => less.heads[head]!.scores['previous_token']!

  it('has the differences of heads at the same places, with intervals made of both', () => {
    expect([of(0).value, of(1).value]).toEqual([0.5, -0.25])
    expect(of(0).low).toBeCloseTo(0.5 - Math.hypot(0.25, 0.25), 12)
    expect(of(0).high).toBeCloseTo(0.5 + Math.hypot(0.25, 0), 12)
    expect([of(1).low, of(0).p, of(0).spread]).toEqual([NaN, NaN, NaN])
    expect([of(0).baseline, of(1).baseline]).toEqual([0.125, 0])
  })

  it('has the curves of both as far as they go, and where they differ most but at the token itself', () => {
    expect([...less.heads[0]!.curve]).toEqual([-0.375, 0.25, -0.5])
    expect(less.heads[0]!.bestOffset).toEqual({ offset: 2, value: -0.5 })
  })

  it('is of the heads that both have, and is shown about zero', () => {
    const one = atlasLess(a, atlas([score(0.5)], [1]))
    expect(one.heads.map(({ head }) => head)).toEqual([0])
    const { quantity, name, values } = mapData(less, { score: 'previous_token', quantity: 'value' })
    expect([quantity, name]).toEqual(['difference', 'difference of previous token'])
    expect(values).toEqual([0.5, -0.25])
  })

  it('of one head less another is of the place of the first alone', () => {
    const one = headsLess(a, a.heads[1]!, b, b.heads[0]!)
    expect(one.heads.map(({ layer, head }) => [layer, head])).toEqual([[0, 1]])
    expect(one.heads[0]!.scores['previous_token']!.value).toBe(0)
    expect([...one.heads[0]!.curve]).toEqual([-0.375, 0.25, -0.5])
    expect(atlasLessDataset(one, [cutInto(8), cutInto(8)]).axes['head']).toEqual({
      length: 1,
      labels: ['1']
    })
  })

  it('is saved head by head', () => {
    const sides = [cutInto(8), cutInto(12, { cut: 'into sentences', model: 'm' })] as const
    const { variables, attributes } = atlasLessDataset(less, sides)
    expect(attributes).toEqual({
      ...{ window: 8, stride: null },
      less: { window: 12, stride: null, cut: 'into sentences' }
    })
    expect([...variables['difference']!.data]).toEqual([0.5, -0.25])
    expect([...variables['offset']!.data].slice(0, 3)).toEqual([-0.375, 0.25, -0.5])
  })
})
