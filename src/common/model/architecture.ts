import { z } from 'zod'

/** What the boxes of a model's diagram are of; each has one colour in every model. */
export const boxParts = ['embedding', 'norm', 'attention', 'mlp', 'router', 'unembedding'] as const

/** One step of what a model computes. */
export const ArchitectureBox = z.object({
  part: z.enum(boxParts),
  /** Such as `W_Q` or `LayerNorm`. */
  name: z.string(),
  /** What else is to be said of it; empty for nothing. */
  note: z.string(),
  /** Of its matrix, of one where it has several alike, as [in, out]; null where it has no weights. */
  shape: z.array(z.number()).nullable(),
  /** Elements of its weights and biases, in one layer. */
  parameters: z.number(),
  /** Its tensors by their names in the files, in the first of its layers; of experts those of the first one. */
  tensors: z.array(z.string())
})
export type ArchitectureBox = z.infer<typeof ArchitectureBox>

/**
 * What happens to the residual stream: it goes through boxes, or branches read it and what they give is added to it.
 * A branch is rows of boxes, each row reading what the one before gives; boxes of a row stand beside each other.
 */
export const ArchitectureStep = z.object({
  adds: z.boolean(),
  /** What is added is multiplied with that first. */
  scale: z.number(),
  branches: z.array(z.array(z.array(ArchitectureBox)))
})
export type ArchitectureStep = z.infer<typeof ArchitectureStep>

/** What stands before the blocks, the blocks that are alike, or what stands after them. */
export const ArchitectureSection = z.object({
  name: z.string(),
  note: z.string(),
  /** The blocks that it is of, in order; empty of what is no block. */
  layers: z.array(z.number()),
  /** Elements of its tensors, of one block where it is of several; what a section before has does not count again. */
  parameters: z.number(),
  steps: z.array(ArchitectureStep)
})
export type ArchitectureSection = z.infer<typeof ArchitectureSection>

/** A model as a diagram: every kind of block once, in the order of the first of each. */
export const Architecture = z.object({ sections: z.array(ArchitectureSection) })
export type Architecture = z.infer<typeof Architecture>

/** All boxes of a section, from the first to the last. */
export function boxesOf({ steps }: ArchitectureSection): ArchitectureBox[] {
  return steps.flatMap(({ branches }) => branches.flat(2))
}
