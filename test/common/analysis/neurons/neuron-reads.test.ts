import { expect, it } from 'vitest'
import { neuronReads, readsWeights } from '#common/analysis/neurons/neuron-reads.ts'
import type { WantedWeight } from '#common/analysis/analysis.ts'
import type { Neuron } from '#common/analysis/neurons/neuron-writes.ts'

const neurons: Neuron[] = [
  [0, 1],
  [2, 0]
]
/** Three tokens of width 2, in two pieces. */
const pieces = [
  { start: 0, data: Float32Array.of(1, 0, 0, 1) },
  { start: 2, data: Float32Array.of(2, -1) }
]
const vectors = [Float32Array.of(3, 5), Float32Array.of(-1, 4)]

function read(given: (address: WantedWeight) => Float32Array | null, width = 2) {
  const reading = neuronReads(neurons)
  for (const address of readsWeights(neurons)) {
    const data = given(address)
    if (data) reading.take({ kind: 'weight', address, shape: [2, 9], start: 0, data })
    if (address.role === 'W_E')
      for (const piece of pieces)
        reading.take({ kind: 'weight', address, shape: [6 / width, width], ...piece })
  }
  return reading.reads()?.map(own => [...own])
}

it('what a neuron reads is the product of its input weights with each embedding', () => {
  const own = read(({ role, layer }) => (role === 'W_in' ? vectors[layer === 0 ? 0 : 1]! : null))
  expect(own).toEqual([
    [3, 5, 1],
    [-1, 4, -6]
  ])
})

it('of a gated MLP the gate decides, and embeddings of another width tell nothing', () => {
  const gate = Float32Array.of(1, 1)
  const own = read(({ role }) => (role === 'W_gate' ? gate : role === 'W_in' ? vectors[0]! : null))
  expect(own![0]).toEqual([1, 1, 1])
  expect(read(({ role }) => (role === 'W_in' ? vectors[0]! : null), 3)).toBeUndefined()
})
