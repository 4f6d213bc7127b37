import { describe, expect, it } from 'vitest'
import type { Generated } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import type { Token } from '#common/model/token.ts'
import { chosenText, stepsDataset } from '#common/figure/views/continuation-figure.ts'
import { goingSteps, goneOn, lengthText, pathWith } from '#common/figure/views/going-steps.ts'

const token = (id: number, text: string, start = 0, end = 0): Token => ({
  ...{ id, piece: text, text, start, end, special: false }
})
const text = [token(1, 'a', 0, 1), token(2, 'b', 1, 2)]
const candidate = { token: token(9, 'z'), probability: 0.25, drawn: 0.125 }
/** After `ab` it was to begin with `c` and `d`, and `e` came. */
const generated: Generated = {
  prompt: [...text, token(3, 'c'), token(4, 'd')],
  continuation: [
    { token: token(5, 'ee'), probability: 0.5, drawn: 0.75, margin: 1, candidates: [candidate] }
  ],
  ended: 'length',
  whole: null,
  provider: 'cpu'
}
const steps = goingSteps(generated, { tokens: text }, [1], [NaN, 0.125, 0.25, 0.0625])

describe('steps after a text', () => {
  it('are those that it was to begin with, of which one was taken, and those that came', () => {
    expect(
      steps.map(({ token, taken, probability, drawn }) => [token.id, taken, probability, drawn])
    ).toEqual([
      [3, false, 0.25, null],
      [4, true, 0.0625, null],
      [5, false, 0.5, 0.75]
    ])
    expect(steps.map(({ candidates }) => candidates?.length ?? null)).toEqual([null, null, 1])
  })

  it('go on the text, each where the one before ends', () => {
    const own = text.map(each => ({ ...each, readAs: null }))
    const { written, tokens } = goneOn(own, 'ab', steps)
    expect(written).toBe('abcdee')
    expect(tokens.map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 6]
    ])
    expect(goneOn(own, null, steps).written).toBeNull()
  })

  it('make way for another one from a step on', () => {
    expect(pathWith(steps, 2, 9)).toEqual([3, 4, 9])
    expect(pathWith(steps, 0, 9)).toEqual([9])
  })

  it('are saved with what might have come, and none where nothing is told', () => {
    const saved = stepsDataset(steps, null)
    expect([...variable(saved, 'token').data]).toEqual([3, 4, 5])
    expect([...variable(saved, 'taken').data]).toEqual([0, 1, 0])
    expect([...variable(saved, 'candidate_token').data]).toEqual([-1, -1, 9])
    expect([...variable(saved, 'drawn').data]).toEqual([NaN, NaN, 0.75])
    expect([...variable(saved, 'candidate_probability').data]).toEqual([NaN, NaN, 0.25])
    expect([...variable(saved, 'candidate_drawn').data]).toEqual([NaN, NaN, 0.125])
    expect(saved.attributes['sampling']).toBe(
      'the most probable token each time, but for 1 taken by hand (step 2)'
    )
  })

  it('are counted apart: what was asked for comes after what was kept', () => {
    expect(lengthText(steps, 'length')).toBe('3 tokens: 2 kept, then 1, as long as was asked for')
    expect(lengthText(steps.slice(2), 'end')).toBe('1 token, ends with the end of text')
  })

  it('say how they were drawn', () => {
    const own = { temperature: 0.5, topK: 4, topP: null, seed: 7 }
    expect(chosenText([], own)).toBe('drawn at temperature 0.5, top k 4, seed 7')
  })
})
