import { z } from 'zod'

/** What the view of neurons is set to. */
export const NeuronsOptions = z.object({
  /** The neuron that is looked at; null for the strongest at the token that is selected. */
  neuron: z
    .object({ layer: z.int().min(0), unit: z.int().min(0) })
    .nullable()
    .catch(null),
  /** A neuron is active where it is above this. */
  threshold: z.number().catch(0),
  /** Name of the corpus that is read; null for the text. */
  over: z.string().nullable().catch(null),
  /** Equal seeds draw alike. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .catch(0)
})
export type NeuronsOptions = z.output<typeof NeuronsOptions>

/** A neuron by its layer and its place in it. */
export type ChosenNeuron = NonNullable<NeuronsOptions['neuron']>
