import { describe, expect, it } from 'vitest'
import { attentionDistance } from '../reference/attention-distance.ts'
import { attentionEntropy } from '../reference/attention-entropy.ts'
import { duplicateTokenScore } from '../reference/duplicate-token-score.ts'
import { addHead, growSums, headSums } from '#common/analysis/head-scores/head-sums.ts'
import { countWindow, queryCounts, scoresOf } from '#common/analysis/head-scores/scores.ts'
import { visibleRange, windowPlan } from '#common/analysis/head-scores/window-plan.ts'
import { inductionScore } from '../reference/induction-score.ts'
import { offsetScore } from '#common/analysis/offset-score.ts'
import { sinkScore } from '../reference/sink-score.ts'
import { classNames } from '#common/analysis/token-classes.ts'
import { visibleKeys } from '#common/model/visibility.ts'

const ids = [4, 1, 4, 4, 2, 1, 4]
const size = ids.length

/** A pattern of some sharpness, with weights down to nothing. */
function pattern(visibility: { causal: boolean; reach: number | null }, sharpness: number) {
  const data = new Float32Array(size * size)
  for (let query = 0; query < size; query++) {
    const { start, end } = visibleKeys(visibility, query, size)
    let sum = 0
    for (let key = start; key < end; key++)
      sum += data[query * size + key] = Math.exp(sharpness * Math.sin(7 * query + 3 * key))
    for (let key = start; key < end; key++) data[query * size + key]! /= sum
  }
  return { shape: [size, size], data }
}

/** @param texts of the tokens, whose classes are then told */
function scoresOfHead(
  visibility: { causal: boolean; reach: number | null },
  data: Float32Array,
  texts: readonly string[] | null = null
) {
  const plan = windowPlan({ ids: Int32Array.from(ids), texts, label: '' })
  const sums = headSums(1)
  const counts = queryCounts()
  growSums(sums, size)
  countWindow(counts, plan)
  addHead(sums, 0, plan, visibleRange(visibility, size), data)
  const kinds = { causal: visibility.causal, classes: texts !== null, sinks: true }
  return scoresOf(sums, counts, kinds, { prefix: '', rows: [0] })
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, own) => sum + own, 0)

/** Which pairs of a query and a key the scores by product and by difference are of. */
const pairs = {
  previous: (query: number, key: number) => key === query - 1,
  duplicate: (query: number, key: number) => key < query && ids[key] === ids[query],
  induction: (query: number, key: number) => key <= query && ids[key - 1] === ids[query]
}

describe('the sums of a head', () => {
  it.each([
    [{ causal: true, reach: null }, 1],
    [{ causal: true, reach: 2 }, 4],
    [{ causal: false, reach: null }, 8],
    [{ causal: false, reach: 1 }, 20]
  ])('under %j and sharpness %i agree with each score by itself', (visibility, sharpness) => {
    const head = pattern(visibility, sharpness)
    const scores = scoresOfHead(visibility, head.data)
    const value = (name: string, at = 0) => scores[name]![at]!
    expect(value('entropy')).toBeCloseTo(attentionEntropy(head), 6)
    expect(value('distance')).toBeCloseTo(attentionDistance(head), 6)
    expect(value('duplicate')).toBeCloseTo(duplicateTokenScore(head, ids), 6)
    expect(value('induction')).toBeCloseTo(inductionScore(head, ids), 6)
    expect(value('sink')).toBeCloseTo(sinkScore(head), 6)
    const rows = [...ids.keys()].map(query => [...head.data.subarray(query * size).slice(0, size)])
    for (let key = 0; key < size; key++) {
      const queries = visibility.causal ? size - key : size
      expect(value('sink', key)).toBeCloseTo(sumOf(rows.map(row => row[key]!)) / queries, 6)
    }
    for (const [kind, isPair] of Object.entries(pairs)) {
      const pairOf = (query: number, key: number) => Number(isPair(query, key))
      const onPairs = rows.flatMap((row, query) => row.map((own, key) => own * pairOf(query, key)))
      const apart = rows.flatMap((row, query) =>
        row.map((own, key) => Math.abs(own - pairOf(query, key)))
      )
      expect(value(`${kind}_mul`), kind).toBeCloseTo(sumOf(onPairs) / sumOf(rows.flat()), 6)
      expect(value(`${kind}_abs`), kind).toBeCloseTo(1 - sumOf(apart) / size, 6)
    }
    for (let d = 0; d < size; d++) expect(value('offset', d)).toBeCloseTo(offsetScore(head, d), 6)
    let smoothed = 0
    for (const weight of head.data) {
      const mixed = 0.9999 * weight + 0.0001 / size
      smoothed -= mixed * Math.log(mixed)
    }
    expect(value('entropy_smoothed')).toBeCloseTo(smoothed / size, 6)
    expect(scores).toHaveProperty(visibility.causal ? 'offset' : 'offset_forward')
    expect('offset_forward' in scores).toBe(!visibility.causal)
  })

  it.each([0.5, 2, 20, 200, 300, 5000])('smooth weights %i times what is spread', times => {
    const spread = 0.0001 / size
    const weight = Math.fround(times * spread)
    const data = new Float32Array(size * size).fill(weight)
    const scores = scoresOfHead({ causal: false, reach: null }, data)
    const mixed = 0.9999 * weight + spread
    const expected = -size * mixed * Math.log(mixed)
    expect(scores['entropy_smoothed']![0]! / expected).toBeCloseTo(1, 7)
  })

  it('are divided among classes by the queries of each, and less than 1 where a sink takes some', () => {
    const { data } = pattern({ causal: true, reach: null }, 3)
    const texts = ['a', 'b', '7', 'e', ' ', 'c', 'i']
    const taken = data.map(weight => weight * 0.75)
    const scores = scoresOfHead({ causal: true, reach: null }, taken, texts)
    expect(scores['attention_sink']![0]).toBeCloseTo(0.25, 6)
    const [vowel, digit] = [classNames.indexOf('vowel'), classNames.indexOf('digit')]
    const toDigit = (queries: number[]) =>
      sumOf(queries.map(query => taken[query * size + 2]!)) / queries.length
    expect(scores['class_mass']![digit]).toBeCloseTo(toDigit([0, 1, 2, 3, 4, 5, 6]), 6)
    const fromTo = scores['class_from_to']!
    expect(fromTo[vowel * classNames.length + digit]).toBeCloseTo(toDigit([0, 3, 6]), 6)
  })

  it('of a pattern with NaN are NaN, not less', () => {
    const visibility = { causal: true, reach: null }
    const { data } = pattern(visibility, 1)
    data[size] = NaN
    const scores = scoresOfHead(visibility, data)
    for (const name of ['entropy', 'entropy_smoothed', 'distance', 'previous_mul'])
      expect(scores[name]![0], name).toBeNaN()
  })

  it('make room for a longer window without losing the ones before', () => {
    const sums = headSums(2)
    growSums(sums, 2)
    sums.offset.set([1, 2, 3, 4])
    growSums(sums, 3)
    growSums(sums, 1)
    expect([...sums.offset]).toEqual([1, 2, 0, 3, 4, 0])
  })
})
