import { z } from 'zod'
import { BlockSpec, TransformerSpec } from './spec.ts'

const mostBlocks = 4096

/** Stands for the number of the block, from 0, in a tensor's name. */
export const layerMark = '{l}'

/** Blocks that differ only in the number in their tensors' names, written once. */
export const BlockTemplate = z.strictObject({
  count: z.int().min(1).max(mostBlocks),
  /** One block; `{l}` in a tensor's name stands for the block, from 0. */
  each: BlockSpec
})

/** A TransformerSpec as lamella.json holds it: its blocks listed, or written once. */
export const ModelDescription = z.strictObject({
  ...TransformerSpec.shape,
  blocks: z.union([BlockTemplate, z.array(BlockSpec).min(1).max(mostBlocks)])
})
export type ModelDescription = z.infer<typeof ModelDescription>
/** A description as it is written: what has a default may be left out. */
export type WrittenDescription = z.input<typeof ModelDescription>

/** What a model folder may say of itself in `lamella.json`. */
export const LamellaFile = z.strictObject({
  /** What the model is called; the folder's name when left out. */
  name: z.string().trim().min(1).max(200).optional(),
  /** A text worth running first. */
  sampleText: z.string().max(100_000).nullable().default(null),
  /** The characters that token ids stand for, from 0, where no other file says. */
  characters: z.union([z.string(), z.array(z.string())]).optional(),
  model: ModelDescription.optional()
})
export type LamellaFile = z.infer<typeof LamellaFile>
export type WrittenLamellaFile = z.input<typeof LamellaFile>

/**
 * The spec that a description stands for.
 * @throws ZodError whose paths begin at the description, when its parts contradict one another
 */
export function specOf(description: ModelDescription): TransformerSpec {
  const { blocks } = description
  if (Array.isArray(blocks)) return TransformerSpec.parse(description)
  const listed = Array.from({ length: blocks.count }, (_, layer) => filledIn(blocks.each, layer))
  return TransformerSpec.parse({ ...description, blocks: listed })
}

/** A value with every `{l}` in its strings replaced by the number of a block. */
export function filledIn<T>(value: T, layer: number): T {
  return replaced(value, layer) as T
}

function replaced(value: unknown, layer: number): unknown {
  if (typeof value === 'string') return value.replaceAll(layerMark, String(layer))
  if (Array.isArray(value)) return value.map(entry => replaced(entry, layer))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, replaced(entry, layer)])
  )
}
