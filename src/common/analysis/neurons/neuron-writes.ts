import type { ModelFacts, Needs, Taken, WantedWeight } from '../analysis.ts'

/** A neuron by its layer and its place in it. */
export type Neuron = readonly [layer: number, unit: number]

/** What each neuron adds to logits: [neuron, d_vocab] each. */
export interface NeuronWrites {
  /** W_out[neuron] · W_U, nothing folded. */
  readonly logits: readonly Float64Array[]
  /** centre(W_out[neuron]) ∘ γ · W_U; null of a model without a final norm. */
  readonly normed: readonly Float64Array[] | null
}

/** The weights that tell it, in the order in which they are to come. */
export function writesWeights(neurons: readonly Neuron[]): Needs['weights'] {
  const of = (role: WantedWeight['role'], layer: number | null) => ({ role, layer, head: null })
  return [
    ...neurons.map(([layer, unit]) => ({ ...of('W_out', layer), rows: [unit] })),
    of('w_ln_final', null),
    of('W_U', null)
  ]
}

/** Multiplies what neurons write with the unembedding as its rows come. */
export function neuronWrites(
  neurons: readonly Neuron[],
  { finalNorm }: Pick<ModelFacts, 'finalNorm'>
): { take(taken: Extract<Taken, { kind: 'weight' }>): void; writes(): NeuronWrites | null } {
  const vectors: Float64Array[] = []
  let gamma: Float64Array | null = null
  let normedVectors: Float64Array[] | null = null
  const logits: Float64Array[] = []
  const normed: Float64Array[] = []

  function begin(dVocab: number): void {
    const known = finalNorm ?? null
    if (known !== null)
      normedVectors = vectors.map(vector => {
        const mean =
          known.kind === 'layer' ? vector.reduce((sum, own) => sum + own, 0) / vector.length : 0
        return vector.map((own, i) => (own - mean) * (gamma?.[i] ?? 1))
      })
    for (let i = 0; i < neurons.length; i++) {
      logits.push(new Float64Array(dVocab))
      if (known !== null) normed.push(new Float64Array(dVocab))
    }
  }

  return {
    take({ address: { role }, shape, start, data }) {
      if (role === 'W_out') vectors.push(Float64Array.from(data))
      if (role === 'w_ln_final')
        gamma = Float64Array.from(data, own => own + (finalNorm?.offset ?? 0))
      if (role !== 'W_U') return
      const [, dVocab = 0] = shape
      if (logits.length === 0) begin(dVocab)
      for (let row = 0; row * dVocab < data.length; row++) {
        const own = data.subarray(row * dVocab, (row + 1) * dVocab)
        vectors.forEach((vector, i) => addTimes(logits[i]!, own, vector[start + row]!))
        normedVectors?.forEach((vector, i) => addTimes(normed[i]!, own, vector[start + row]!))
      }
    },
    writes: () => (logits.length === 0 ? null : { logits, normed: normedVectors && normed })
  }
}

function addTimes(sums: Float64Array, row: Float32Array, times: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += times * row[i]!
}
