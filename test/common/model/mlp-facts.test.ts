import { expect, it } from 'vitest'
import { expertNeuronText } from '#common/model/mlp-facts.ts'

it('tells a neuron of a mixture by its expert and its place in that', () => {
  const mixture = { neurons: 168, experts: { count: 4, chosen: 2, neurons: 40, shared: 8 } }
  expect([0, 39, 40, 92, 159, 160].map(neuron => expertNeuronText(mixture, neuron))).toEqual([
    'expert 0, neuron 0',
    'expert 0, neuron 39',
    'expert 1, neuron 0',
    'expert 2, neuron 12',
    'expert 3, neuron 39',
    'shared expert, neuron 0'
  ])
  expect(expertNeuronText({ neurons: 168 }, 92)).toBeNull()
  expect(expertNeuronText(undefined, 92)).toBeNull()
})
