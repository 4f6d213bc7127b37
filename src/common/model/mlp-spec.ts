import { z } from 'zod'
import { Activation, LinearSpec, NormSpec, Width } from './part-specs.ts'

const OwnWidth = Width.nullable().default(null)

/** What all gated MLPs may have: (activation(min(x · gate, limit)) ∘ (clip(x · input, ±limit) + inputOffset)) · output */
const gating = {
  activation: Activation,
  /** The largest value that the gate passes on, and of either sign what it is multiplied with; null without one. */
  limit: z.number().positive().nullable().default(null),
  inputOffset: z.number().default(0)
}

/** The two layers of an MLP, and what stands between them. */
export const DenseMlpSpec = z.discriminatedUnion('kind', [
  /** norm(activation(x · input)) · output */
  z.strictObject({
    kind: z.literal('plain'),
    /** How many neurons it has where they are not d_mlp. */
    width: OwnWidth,
    input: LinearSpec,
    output: LinearSpec,
    activation: Activation,
    /** Over all its neurons. */
    norm: NormSpec.nullable().default(null)
  }),
  /** (activation(x · gate) ∘ (x · input)) · output */
  z.strictObject({
    kind: z.literal('gated'),
    width: OwnWidth,
    gate: LinearSpec,
    input: LinearSpec,
    output: LinearSpec,
    ...gating
  }),
  /** As gated, with gate and input on the output axis of one matrix: end to end, or taking turns. */
  z.strictObject({
    kind: z.literal('gated-fused'),
    width: OwnWidth,
    gateAndInput: LinearSpec,
    order: z.enum(['end-to-end', 'alternating']).default('end-to-end'),
    output: LinearSpec,
    ...gating
  })
])
export type DenseMlpSpec = z.infer<typeof DenseMlpSpec>

/**
 * A mixture of experts: Σ over experts of weight · expert(x). A router scores every expert at each token; the `chosen`
 * highest take part, the first of equal ones, all others weigh 0.
 * @source Shazeer et al. 2017, section 2; Fedus et al. 2022
 */
export const ExpertsSpec = z
  .strictObject({
    kind: z.literal('experts'),
    /** From d_model to a score for each expert. */
    router: LinearSpec,
    chosen: Width,
    /** What weights are the softmax of: the scores of the chosen experts, which then sum to 1, or those of all. */
    softmaxOver: z.enum(['chosen', 'all']),
    experts: z.array(DenseMlpSpec).min(1).max(1024),
    /** An MLP that every token goes through beside them, times the sigmoid of x · gate where there is one. */
    shared: z
      .strictObject({ mlp: DenseMlpSpec, gate: LinearSpec.nullable().default(null) })
      .nullable()
      .default(null)
  })
  .refine(({ chosen, experts }) => chosen <= experts.length, {
    path: ['chosen'],
    error: 'expected no more than there are experts'
  })
  .refine(
    ({ experts, shared }) =>
      new Set([...experts, ...(shared ? [shared.mlp] : [])].map(({ kind }) => kind === 'plain'))
        .size === 1,
    'expected experts that all have a gate, or none'
  )
export type ExpertsSpec = z.infer<typeof ExpertsSpec>

/** The MLP of a block. */
export const MlpSpec = z.discriminatedUnion('kind', [DenseMlpSpec, ExpertsSpec])
export type MlpSpec = z.infer<typeof MlpSpec>
