import { expect, it } from 'vitest'
import { directNeurons } from '#common/figure/views/direct-figures.ts'
import { expertNeuronText, neuronNote } from '#common/model/mlp-facts.ts'

const mixture = { neurons: 168, experts: { count: 4, chosen: 2, neurons: 40, shared: 8 } }

it('tells a neuron of a mixture by its expert and its place in that', () => {
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

it('tells it so in lists, and in figures of what neurons give', () => {
  expect([92, 160].map(neuron => neuronNote(mixture, 2, neuron))).toEqual([
    'neuron 2.92 · expert 2',
    'neuron 2.160 · shared'
  ])
  expect(neuronNote({ neurons: 168 }, 2, 92)).toBe('neuron 2.92')
  const of = (...data: number[]) => ({
    ...{ axes: ['rank'], unit: '', about: '' },
    data: Float64Array.from(data)
  })
  const result = {
    axes: {},
    attributes: {},
    variables: {
      'dla.top_neuron.layer': of(0, 1),
      'dla.top_neuron.unit': of(92, 92),
      'dla.top_neuron.value': of(1, -1)
    }
  }
  const model = { name: 'm', fingerprint: 'f', mlps: [{ neurons: 168 }, mixture] }
  expect(directNeurons({ model, result }).map(({ label }) => label)).toEqual([
    'neuron 0.92',
    'neuron 1.92 (expert 2, neuron 12)'
  ])
})
