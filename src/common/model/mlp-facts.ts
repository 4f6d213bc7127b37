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
