import { expect, it } from 'vitest'
import { axis, dataset, variable } from '#common/data/dataset.ts'
import { whyPrompts, whyPromptsFigure } from '#common/figure/views/why-figures.ts'
import { withoutIsolates } from '#common/text/token-text.ts'

const numbers = (axes: string[], values: readonly number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(values)
})

function over(differences: readonly number[]) {
  const count = differences.length
  const each = (value: number) => numbers(['window'], new Array<number>(count).fill(value))
  return dataset(
    { window: axis(count) },
    {
      difference: numbers([], [differences.reduce((sum, own) => sum + own, 0) / count]),
      difference_sd: numbers([], [0.5]),
      'prompt.difference': numbers(['window'], differences),
      'prompt.position': each(1),
      'prompt.token': each(2),
      'prompt.other': each(3)
    },
    { tokens: [], prompt_ends: differences.map((_, i) => `to ${i}\nbe`) }
  )
}

it('each prompt has its bar and its name, the highest on top, and their mean last', () => {
  const { bars, left } = whyPrompts(over([1, -2, 4]))!
  expect(bars.map(({ label, value }) => [withoutIsolates(label), value])).toEqual([
    ['2 “to 2 be”', 4],
    ['0 “to 0 be”', 1],
    ['1 “to 1 be”', -2],
    ['mean', 1]
  ])
  expect(bars.at(-1)).toMatchObject({ isSum: true, spread: 0.5 })
  expect(left).toBe(0)
})

it('of many prompts the highest and the lowest are drawn, and the table has all', () => {
  const result = over(Array.from({ length: 100 }, (_, i) => i))
  const { name, bars, left } = whyPrompts(result)!
  expect(bars.map(({ value }) => value)).toEqual([
    ...Array.from({ length: 20 }, (_, i) => 99 - i),
    ...Array.from({ length: 20 }, (_, i) => 19 - i),
    49.5
  ])
  expect(name).toMatch(/, the 20 highest and the 20 lowest of 100 prompts$/)
  expect(left).toBe(60)
  const why = {
    ...{ model: { name: 'a model', fingerprint: 'f' }, run: null as never, result },
    ...{ over: 'Prompts', at: 'last:2-3', params: {}, none: 'a test' }
  }
  const table = whyPromptsFigure(
    { ...why, run: { source: { input: { ids: [1] }, edits: [], provider: 'cpu' } } as never },
    '1'
  )!.dataset()
  expect([...variable(table, 'difference').data]).toHaveLength(100)
})

it('of one prompt there are none', () => {
  expect(whyPrompts(dataset({}, { difference: numbers([], [1]) }))).toBeNull()
})
