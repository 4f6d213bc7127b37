import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { tokenProbabilities } from '#common/analysis/token-probabilities.ts'
import { tokenStanding } from '#common/analysis/token-standing.ts'
import { variable } from '#common/data/dataset.ts'

/** Logits whose softmax is 1/2, 1/4, 1/8, 1/8, each shifted alike. */
const logits = (shift = 0) => [0.5, 0.25, 0.125, 0.125].map(p => Math.log(p) + shift)
const entropy = 1.75 * Math.LN2

describe('how a token is held', () => {
  it('is its probability, surprisal and rank, and the entropy of all', () => {
    const own = Float32Array.from(logits(300))
    expect(tokenStanding(own, 1)).toEqual({
      probability: expect.closeTo(0.25, 4) as number,
      surprisal: expect.closeTo(2 * Math.LN2, 4) as number,
      rank: 1,
      entropy: expect.closeTo(entropy, 4) as number
    })
    // Equal ones share their rank.
    expect([2, 3].map(token => tokenStanding(own, token).rank)).toEqual([2, 2])
  })

  it('is told also where logits are −∞, and of what is held impossible', () => {
    const { probability, surprisal, rank, entropy } = tokenStanding(
      Float32Array.of(0, -Infinity, 0),
      1
    )
    expect([probability, surprisal, rank]).toEqual([0, Infinity, 2])
    expect(entropy).toBeCloseTo(Math.LN2, 12)
  })
})

const facts = (predicts: ModelFacts['predicts']) => ({ name: 'a model', predicts }) as ModelFacts

/** Of a window whose logits favour token 0 everywhere. */
function standings(predicts: ModelFacts['predicts'], masked: string | null) {
  const ids = Int32Array.of(1, 0, 2)
  const started = tokenProbabilities.start({ masked }, facts(predicts), null)
  started.begin({ ids, texts: null } as never)
  const data = Float32Array.from([...logits(), ...logits(), ...logits()])
  started.take({ kind: 'logits', positions: [0, 1, 2], data } as never, 0)
  const result = started.result()
  return (name: string) => [...variable(result, name).data]
}

describe('token-probabilities', () => {
  it('are of what comes after each position, and of nothing for the first token', () => {
    const of = standings('next', null)
    expect(of('rank')).toEqual([NaN, 0, 2])
    expect(of('probability')).toEqual([NaN, expect.closeTo(0.5, 6), expect.closeTo(0.125, 6)])
    expect(of('surprisal')[2]).toBeCloseTo(3 * Math.LN2, 6)
    expect(of('entropy')[1]).toBeCloseTo(entropy, 6)
  })

  it('are of what stands at a position, or is hidden there, of a model of masked tokens', () => {
    expect(standings('masked', null)('rank')).toEqual([1, 0, 2])
    expect(standings('masked', '0:0,2:1')('rank')).toEqual([0, 0, 1])
    expect(() => standings('next', '0:0')).toThrow('a model predicts the next token')
    expect(() => standings('masked', '3:0')).toThrow('masked position 3 is outside 0…2')
  })
})
