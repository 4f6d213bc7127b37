import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { headScoreDistances } from '#common/analysis/head-distances/head-score-distances.ts'
import { groupingOf } from '#common/analysis/head-distances/grouping.ts'
import { scoreDistances } from '#common/analysis/head-distances/score-distances.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'

describe('distances by scores', () => {
  it('are Euclidean, of scores that weigh alike whatever their scale', () => {
    // Deviations 1 and 100 of both: the second head is apart by two of each.
    const { distances, left } = scoreDistances(
      [
        [1, 3],
        [500, 300]
      ],
      2
    )
    expect([...distances]).toEqual([0, Math.sqrt(8), Math.sqrt(8), 0])
    expect(left).toEqual([])
  })

  it('leave out what is alike for all heads, or not known of one', () => {
    const { distances, left } = scoreDistances(
      [
        [0.1 + 0.2, 0.3, 0.3],
        [1, NaN, 2],
        [0, 0, 3]
      ],
      3
    )
    expect(left).toEqual([0, 1])
    // Deviation √2, mean 1: z = −1/√2, −1/√2, √2.
    expect(distances[0 * 3 + 1]).toBe(0)
    expect(distances[0 * 3 + 2]).toBeCloseTo(3 / Math.SQRT2, 12)
  })

  it("make Ward's tree of the growth of the sum of squares", () => {
    const places = [0, 1, 5]
    const distances = Float64Array.from(places.flatMap(a => places.map(b => Math.abs(a - b))))
    const { merges, leaves, map } = groupingOf(distances, 3)
    // Of 0.5 and 5, two and one of them: √(2 · 2 · 1/3) · 4.5.
    expect(merges.map(({ height }) => height)).toEqual([1, expect.closeTo(Math.sqrt(4 / 3) * 4.5)])
    expect(leaves).toEqual([2, 0, 1])
    expect(map.stress).toBeLessThan(1e-6)
  })
})

describe('head-score-distances', () => {
  const nHeads = 3
  const size = 8
  const model: ModelFacts = {
    name: 'planted',
    config: {
      nLayers: 1,
      nHeads,
      nKeyValueHeads: nHeads,
      dModel: 4,
      dHead: 2,
      dVocab: 50,
      nCtx: 64
    },
    visibility: [{ causal: true, reach: null }],
    scores: null,
    predicts: 'next',
    labels: null,
    ofText: false,
    tensors: [],
    positions: null,
    texts: new Map()
  }
  /** The share that each head has on the previous token; the rest is on the token itself. */
  const shares = [0.9, 0.8, 0.1]

  function result(params: object): Dataset {
    const own = headScoreDistances.start(headScoreDistances.params.parse(params), model, null)
    const data = new Float32Array(nHeads * size * size)
    shares.forEach((share, head) => {
      for (let query = 0; query < size; query++) {
        const row = head * size * size + query * size
        data[row + query] = query === 0 ? 1 : 1 - share
        if (query > 0) data[row + query - 1] = share
      }
    })
    const ids = Int32Array.from({ length: size }, (_, i) => i)
    own.begin({ ids, texts: null, label: 'window' })
    const hook = 'blocks.0.attn.hook_pattern'
    own.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
    return own.result()
  }

  it('groups heads by the scores that are chosen, and names those that tell nothing', () => {
    // Nothing repeats: there is no duplicate of any token.
    const found = result({ scores: ['previous_token', 'duplicate_token'], clusters: 2 })
    const mean = (0.9 + 0.8 + 0.1) / 3
    const deviation = Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 3)
    const { data } = variable(found, 'distance')
    expect(data[0 * 3 + 1]).toBeCloseTo(0.1 / deviation, 5)
    expect(data[1 * 3 + 2]).toBeCloseTo(0.7 / deviation, 5)
    expect([...variable(found, 'ward_clusters').data]).toEqual([1, 1, 2])
    expect(found.axes['head']!.labels).toEqual(['0.0', '0.1', '0.2'])
    expect(found.attributes).toMatchObject({
      scores: ['previous_token'],
      scores_left_out: ['duplicate_token']
    })
  })

  it('says so where no score tells heads apart', () => {
    expect(() => result({ scores: ['duplicate_token'] })).toThrow('None of duplicate_token tells')
    expect(() => headScoreDistances.params.parse({ scores: ['to_nothing'] })).toThrow()
  })
})
