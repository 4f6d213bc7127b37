import { describe, expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import {
  maskedText,
  rankOf,
  scoreSteps,
  seenKeys
} from '../../../../src/renderer/src/views/query-key/score-steps.ts'

/** A row of three keys of which the last is not seen. */
function row(own: Readonly<Record<string, readonly number[]>> = {}): Dataset {
  const numbers = {
    dot: [8, 2, 4],
    scaled: [4, 1, 2],
    capped: [4, 1, 2],
    bias: [0, 0, 0],
    score: [4.5, 1, -Infinity],
    score_rest: [0.5, 0, NaN],
    softmax: [0.97, 0.03, 0],
    weight: [0.96, 0.03, 0],
    weight_rest: [-0.01, 0, 0],
    ...own
  }
  const single = { scale: 0.5, soft_cap: NaN, highest: 4.5, logsumexp: 4.53 }
  const variable = (axes: string[], data: readonly number[]) => ({
    ...{ axes, unit: '', about: '' },
    data: Float64Array.from(data)
  })
  return dataset(
    { key: axis(3), dim: axis(4) },
    Object.fromEntries([
      ...Object.entries(numbers).map(([name, data]) => [name, variable(['key'], data)]),
      ...Object.entries({ ...single, ...scalars(own) }).map(([name, value]) => [
        name,
        variable([], [value])
      ])
    ]) as Dataset['variables']
  )
}
const scalars = ({ soft_cap, scale }: Readonly<Record<string, readonly number[]>>) => ({
  ...(soft_cap && { soft_cap: soft_cap[0]! }),
  ...(scale && { scale: scale[0]! })
})

const plain = { key: 0, masked: '', edited: { scores: false, pattern: false } }
const names = (result: Dataset, facts = plain) => scoreSteps(result, facts).map(({ name }) => name)

describe('scoreSteps', () => {
  it('goes from the product to the weight', () => {
    const steps = scoreSteps(row(), plain)
    expect(steps.map(({ name, value }) => [name, value])).toEqual([
      ['q · k', 8],
      ['scaled', 4],
      ['rounding', 0.5],
      ['score', 4.5],
      ['highest', 4.5],
      ['logsumexp', 4.53],
      ['softmax', 0.97],
      ['rounding', -0.01],
      ['weight', 0.96]
    ])
    expect(steps[1]!.formula).toBe('× 1/√4 = 0.500')
    expect(steps[4]!.formula).toBe('of 2 keys, at key 0')
  })

  it('has a cap, biases and a scale only where the model has them', () => {
    expect(names(row({ soft_cap: [50], bias: [0, 1, 2] }))).toEqual(
      expect.arrayContaining(['capped', 'bias'])
    )
    expect(names(row({ scale: [1] }))).not.toContain('scaled')
    const [, scaled] = scoreSteps(row({ scale: [0.3] }), plain)
    expect(scaled!.formula).toBe('× 0.300')
  })

  it('says what an edit changes', () => {
    const edited = { scores: true, pattern: false }
    expect(names(row(), { ...plain, edited }).filter(name => /rounding/.test(name))).toEqual([
      'edit, rounding',
      'rounding'
    ])
  })

  it('has no rounding where the score is masked', () => {
    const steps = scoreSteps(row(), { ...plain, key: 2, masked: 'a later key is not seen' })
    expect(steps[2]).toMatchObject({ name: 'masked', value: -Infinity })
    expect(steps.find(({ name }) => name === 'score')!.value).toBe(-Infinity)
  })
})

it('counts keys that are seen, and those that have more weight', () => {
  expect(seenKeys(row())).toBe(2)
  expect([0, 1, 2].map(key => rankOf(row(), key))).toEqual([1, 2, 3])
})

describe('why a score is masked', () => {
  it.each([
    [{ causal: true, reach: null }, true, 'a later key is not seen'],
    [{ causal: false, reach: 1 }, false, 'more than 1 away'],
    [{ causal: false, reach: null }, true, 'taken away by an edit'],
    [{ causal: false, reach: null }, false, 'hidden by the model, as padding is'],
    [null, true, 'taken away by an edit']
  ])('is told of %j, edited %s', (visibility, isEdited, text) =>
    expect(maskedText(visibility, { query: 3, key: 5 }, isEdited)).toBe(text)
  )
})
