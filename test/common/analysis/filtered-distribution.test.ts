import { expect, it } from 'vitest'
import { filteredDistribution } from '#common/analysis/filtered-distribution.ts'
import { generator } from '#common/analysis/generator.ts'
import { logSumExp } from '#common/analysis/softmax.ts'

/** Top-p by the whole order of the vocabulary: what is dropped, one after the other. */
function inOrder(logits: Float32Array, temperature: number, topP: number): Float64Array {
  const softmax = (of: number[]) => {
    const normalizer = logSumExp(Float64Array.from(of))
    return of.map(logit => Math.exp(logit - normalizer))
  }
  const scaled = Array.from(logits, logit => logit / temperature)
  const distribution = softmax(scaled)
  const upwards = [...distribution.keys()].sort((a, b) => distribution[a]! - distribution[b]!)
  upwards.pop()
  let below = 0
  for (const token of upwards) {
    below += distribution[token]!
    if (below > 1 - topP) break
    scaled[token] = -Infinity
  }
  return Float64Array.from(softmax(scaled))
}

const next = generator(7)
const vocabularies: Record<string, Float32Array> = {
  'as models have it': Float32Array.from({ length: 5000 }, () => 12 * next() * next() - 6),
  'with ties': Float32Array.from({ length: 3000 }, () => Math.floor(8 * next())),
  'all alike': new Float32Array(64).fill(0.3),
  'one sure': Float32Array.from({ length: 100 }, (_, i) => (i === 40 ? 60 : 0)),
  'none left but two': Float32Array.from({ length: 100 }, (_, i) => (i < 2 ? i : -800)),
  one: Float32Array.of(3)
}

it.each(Object.keys(vocabularies))('drops what the whole order drops, bit for bit: %s', name => {
  const logits = vocabularies[name]!
  for (const temperature of [0.3, 1, 2.7])
    for (const topP of [1e-17, 1e-9, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999, 1 - 2 ** -40, 1])
      expect(
        filteredDistribution(logits, { temperature, topK: null, topP }),
        `temperature ${temperature}, top-p ${topP}`
      ).toEqual(inOrder(logits, temperature, topP))
})

it('sums up as the whole order does where the sum is the share itself', () => {
  const logits = vocabularies['as models have it']!
  const upwards = filteredDistribution(logits, { temperature: 1, topK: null, topP: null }).sort()
  let below = 0
  for (const probability of upwards) {
    below += probability
    // From a half up, one less it and that from one again are exact.
    if (below < 0.5 || below >= 1) continue
    const topP = 1 - below
    expect(filteredDistribution(logits, { temperature: 1, topK: null, topP })).toEqual(
      inOrder(logits, 1, topP)
    )
  }
})

it('decides by rounding where the sum comes as near as that', () => {
  // Ten of a tenth each: in floating point nine of them are 0.9 less a bit, and the last that goes depends on it.
  for (const count of [3, 7, 10, 49, 1000]) {
    const logits = new Float32Array(count)
    for (let kept = 1; kept < Math.min(count, 60); kept++) {
      const topP = kept / count
      expect(filteredDistribution(logits, { temperature: 1, topK: null, topP })).toEqual(
        inOrder(logits, 1, topP)
      )
    }
  }
})

it('keeps so many of the most probable, and what is equal to the last', () => {
  const logits = Float32Array.of(1, 3, 2, 3, 2, 0)
  const kept = (topK: number) =>
    filteredDistribution(logits, { temperature: 1, topK, topP: null }).map(Math.sign)
  expect([...kept(1)]).toEqual([0, 1, 0, 1, 0, 0])
  expect([...kept(3)]).toEqual([0, 1, 1, 1, 1, 0])
  expect([...kept(6)]).toEqual([1, 1, 1, 1, 1, 1])
})
