import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { byPatterns, lossWords, lostShare } from '#common/analysis/head-distances/grouped-heads.ts'
import { headDistances } from '#common/analysis/head-distances/head-distances.ts'
import { variable } from '#common/data/dataset.ts'

const nHeads = 3
const model: ModelFacts = {
  name: 'planted',
  config: { nLayers: 1, nHeads, nKeyValueHeads: nHeads, dModel: 4, dHead: 2, dVocab: 50, nCtx: 64 },
  visibility: [{ causal: true, reach: null }],
  scores: null,
  predicts: 'next',
  labels: null,
  ofText: false,
  tensors: [],
  positions: null,
  texts: new Map()
}
/** The share that each head has on the first token, in either window; the rest is on the token itself. */
const shares = [
  [1, 0, 0.5],
  [0.75, 0, 0]
]

function distances() {
  const own = headDistances.start(headDistances.params.parse({}), model, null)
  shares.forEach((heads, window) => {
    const size = window + 2
    const data = new Float32Array(nHeads * size * size)
    heads.forEach((share, head) => {
      for (let query = 0; query < size; query++) {
        const row = (head * size + query) * size
        data[row + query] = query === 0 ? 1 : 1 - share
        if (query > 0) data[row] = share
      }
    })
    own.begin({ ids: new Int32Array(size), texts: null, label: 'window' })
    const hook = 'blocks.0.attn.hook_pattern'
    own.take({ kind: 'hook', hook, shape: [nHeads, size, size], data }, 0)
  })
  return own.result()
}

const entropy = (share: number) =>
  [share, 1 - share].reduce((sum, own) => sum - (own > 0 ? own * Math.log(own) : 0), 0)
const divergence = (p: number, r: number) => entropy((p + r) / 2) - (entropy(p) + entropy(r)) / 2
/** Of one query of the first window and two of the second heads have a choice. */
const between = (a: number, b: number) =>
  divergence(shares[0]![a]!, shares[0]![b]!) + 2 * divergence(shares[1]![a]!, shares[1]![b]!)

describe('distances between heads', () => {
  it('are summed over the queries of all windows', () => {
    const result = distances()
    const { data } = variable(result, 'js')
    for (let a = 0; a < nHeads; a++)
      for (let b = 0; b < nHeads; b++) expect(data[a * nHeads + b]).toBeCloseTo(between(a, b), 6)
    expect(variable(result, 'queries').data[0]).toBe(5)
  })

  it('are looked at as means over queries, with their tree and their map', () => {
    const result = distances()
    const grouped = byPatterns(result)
    const { merges, map } = grouped.grouping
    expect(grouped.heads[2]).toEqual({ layer: 0, head: 2 })
    expect(grouped.distances[1]).toBeCloseTo(between(0, 1) / 5, 6)
    expect(merges[0]).toMatchObject({ first: 1, second: 2, size: 2 })
    expect(merges[0]!.height).toBeCloseTo(between(1, 2) / 5, 6)
    const [pairs, off] = [
      [0, 1],
      [0, 2],
      [1, 2]
    ].reduce<[number, number]>(
      ([all, off], [a, b]) => {
        const wanted = grouped.distances[a! * nHeads + b!]!
        const [dx, dy] = [0, 1].map(i => map.places[2 * a! + i]! - map.places[2 * b! + i]!)
        return [all + wanted ** 2, off + (Math.hypot(dx!, dy!) - wanted) ** 2]
      },
      [0, 0]
    )
    // Three distances that break the triangle: no plane has them.
    expect(off).toBeGreaterThan(1e-4)
    expect(map.stress).toBeCloseTo(off, 9)
    expect(lostShare(grouped)).toBeCloseTo(Math.sqrt(off / pairs), 9)
  })

  it.each([
    [0.05, 'keeps the distances very well'],
    [0.1, 'keeps the distances well'],
    [0.2, 'keeps the distances roughly'],
    [0.21, 'keeps the distances badly']
  ])('are lost by a share of %d in words', (share, words) => {
    expect(lossWords(share)).toBe(words)
  })
})
