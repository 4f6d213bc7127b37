import { expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { directFigure } from '#common/figure/views/direct-figures.ts'
import { model, run } from '../../../renderer/fake-client.ts'

const whole = model('a')
const numbers = (...values: number[]) => {
  return { axes: ['target'], data: Float64Array.from(values), unit: '', about: '' }
}
const result = dataset(
  { target: axis(['7:2']) },
  {
    ...{ 'dla.top_neuron.layer': numbers(1), 'dla.top_neuron.unit': numbers(3) },
    ...{ 'dla.top_neuron.value': numbers(0.5), 'dla.token': numbers(2), 'dla.other': numbers(-1) }
  },
  { tokens: [{ id: 2, piece: 'no', text: 'no', start: 0, end: 0, special: false }] }
)
const placeOf = (own: Partial<ModelInfo>) => {
  const direct = { model: { ...whole, ...own }, run: run(whole, 'a text'), result, log: false }
  return directFigure(direct, 'neurons', '1').from.of.place.replaceAll(/[\u2068\u2069]/g, '')
}

it.each<readonly [Partial<ModelInfo>, string]>([
  [{ predicts: 'next' }, 'Direct logit attribution of “no” after 7, by neurons'],
  [{ predicts: 'labels' }, 'Direct logit attribution of “no” at 7, by neurons'],
  [{ predicts: 'labels', ofText: true }, 'Direct logit attribution of “no” of the text, by neurons']
])('a logit of a model of %o is told where it is', (own, place) => {
  expect(placeOf(own)).toBe(place)
})
