import type { Needs, Taken, WantedWeight } from '../analysis.ts'
import type { Neuron } from './neuron-writes.ts'

/** The weights that tell what a neuron reads, in the order in which they are to come. */
export function readsWeights(neurons: readonly Neuron[]): Needs['weights'] {
  const of = (role: WantedWeight['role'], layer: number | null) => ({ role, layer, head: null })
  return [
    ...neurons.flatMap(([layer, unit]) =>
      (['W_gate', 'W_in'] as const).map(role => ({
        ...of(role, layer),
        ...{ transposed: true, rows: [unit] }
      }))
    ),
    of('W_E', null)
  ]
}

/**
 * Multiplies what activates neurons with the embeddings of tokens as they come: W_E · W[:, neuron], nothing folded, no norm;
 * W is that of the gate where there is one, else W_in.
 */
export function neuronReads(neurons: readonly Neuron[]): {
  take(taken: Extract<Taken, { kind: 'weight' }>): void
  /** [neuron, d_vocab]; null where embeddings are not as wide as the residual stream. */
  reads(): readonly Float64Array[] | null
} {
  const vectors: (Float32Array | undefined)[] = neurons.map(() => undefined)
  const reads: Float64Array[] = []
  return {
    take({ address: { role, layer, rows }, shape, start, data }) {
      if (role === 'W_gate' || role === 'W_in')
        neurons.forEach(([of, unit], i) => {
          if (of === layer && unit === rows?.[0]) vectors[i] ??= data.slice()
        })
      const [dVocab, width = 0] = shape
      if (role !== 'W_E' || vectors.some(vector => vector?.length !== width)) return
      if (reads.length === 0) reads.push(...neurons.map(() => new Float64Array(dVocab!)))
      for (let row = 0; row * width < data.length; row++)
        vectors.forEach((vector, i) => {
          let sum = 0
          for (let k = 0; k < width; k++) sum += vector![k]! * data[row * width + k]!
          reads[i]![start + row] = sum
        })
    },
    reads: () => (reads.length === 0 ? null : reads)
  }
}
