import { z } from 'zod'

/** How many neurons the MLP of a layer has, and how they stand in experts. */
export const MlpFacts = z.object({
  /** Of all experts together, a shared one too. */
  neurons: z.number(),
  /** Left out where it has none. */
  experts: z
    .object({
      count: z.number(),
      /** How many take part at each token. */
      chosen: z.number(),
      /** Neurons of each. */
      neurons: z.number(),
      /** Neurons of the one that all tokens go through beside them; 0 where there is none. */
      shared: z.number()
    })
    .optional()
})
export type MlpFacts = z.infer<typeof MlpFacts>

/** The expert that a neuron is of, and which of its neurons it is; null of an MLP without experts. */
export function expertOfNeuron(
  { experts }: MlpFacts,
  neuron: number
): { readonly expert: number | 'shared'; readonly neuron: number } | null {
  if (experts === undefined) return null
  const { count, neurons } = experts
  const expert = Math.floor(neuron / neurons)
  return expert < count
    ? { expert, neuron: neuron - expert * neurons }
    : { expert: 'shared', neuron: neuron - count * neurons }
}

/** The same in words, such as `expert 3, neuron 17`. */
export function expertNeuronText(mlp: MlpFacts | undefined, neuron: number): string | null {
  const of = mlp === undefined ? null : expertOfNeuron(mlp, neuron)
  if (of === null) return null
  return `${of.expert === 'shared' ? 'shared expert' : `expert ${of.expert}`}, neuron ${of.neuron}`
}

/** The name of a neuron with its expert, where it is of one: `neuron 2.145 (expert 3, neuron 17)`. */
export function withExpert(name: string, mlp: MlpFacts | undefined, neuron: number): string {
  const of = expertNeuronText(mlp, neuron)
  return of === null ? name : `${name} (${of})`
}

/** A neuron as short as a list has room for: `neuron 2.145 · expert 3`. */
export function neuronNote(mlp: MlpFacts | undefined, layer: number, neuron: number): string {
  const of = mlp === undefined ? null : expertOfNeuron(mlp, neuron)
  const place = `neuron ${layer}.${neuron}`
  if (of === null) return place
  return `${place} · ${of.expert === 'shared' ? 'shared' : `expert ${of.expert}`}`
}

/** What the MLPs of a model's layers are where they have experts, in words; null where none has. */
export function expertsText(layers: readonly MlpFacts[]): string | null {
  const kinds = layers.flatMap(({ experts }) => experts ?? [])
  const [first] = kinds
  if (first === undefined) return null
  const { count, chosen, neurons, shared } = first
  const beside = shared === 0 ? '' : `, beside a shared one of ${shared}`
  const where =
    kinds.length === layers.length ? '' : `, in ${kinds.length} of ${layers.length} layers`
  return `${count}, each of ${neurons} neurons, ${chosen} chosen at each token${beside}${where}`
}
