import { z } from 'zod'

/** What a tensor of a checkpoint is for. */
export const Category = z.enum([
  'embedding',
  'position',
  'attention',
  'mlp',
  'norm',
  'unembedding',
  'other'
])
export type Category = z.infer<typeof Category>
