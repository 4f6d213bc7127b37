import { z } from 'zod'

/** The name of a tensor of the checkpoint. */
export const TensorName = z.string().min(1)

/** No published model comes near 2^24; a larger number is a broken or hostile file. */
export const Width = z
  .int()
  .min(1)
  .max(2 ** 24)

/** Activations, named by what they compute; families map their own spellings to these. */
export const Activation = z.enum([
  'gelu',
  'gelu-tanh',
  'gelu-clipped',
  'gelu-quick',
  'hard-sigmoid',
  'hard-swish',
  'laplace',
  'leaky-relu',
  'linear',
  'mish',
  'relu',
  'relu-squared',
  'relu6',
  'sigmoid',
  'silu',
  'softplus',
  'solu',
  'tanh'
])
export type Activation = z.infer<typeof Activation>

/** Normalisation over the last axis: normalised · (offset + scale) + shift. */
export const NormSpec = z.strictObject({
  /** `layer` takes the mean away and divides by the standard deviation, `rms` by the root mean square. */
  kind: z.enum(['layer', 'rms']),
  /** Tensor [width]; a list of them where every head has its own; null where there is none. */
  scale: z
    .union([TensorName, z.array(TensorName).min(1)])
    .nullable()
    .default(null),
  /** Tensor [width]. */
  shift: TensorName.nullable().default(null),
  /** Added to the scale: 1 where the file holds its difference from 1. */
  offset: z.number().default(0),
  epsilon: z.number().nonnegative()
})
export type NormSpec = z.infer<typeof NormSpec>

/** One of the matrices that a tensor holds on a first axis of its own. */
const Stacked = z
  .strictObject({ index: z.int().min(0), count: Width })
  .refine(({ index, count }) => index < count, 'expected an index below the count')

/** x · W + b: a matrix and where its axes lie in the file. */
export const LinearSpec = z.strictObject({
  weight: TensorName,
  /** Tensor [out]. */
  bias: TensorName.nullable().default(null),
  /** Where matrix and bias are one of several that are stacked in their tensors. */
  stacked: Stacked.nullable().default(null),
  /**
   * `out,in` as torch.nn.Linear stores it, or `in,out` as GPT-2's Conv1D does. Where heads have an axis of
   * their own, `head,in,d_head` and `head,d_head,in` lead to them, with a bias [head, d_head], `head,d_head,out` and
   * `head,out,d_head` from them.
   */
  stored: z
    .enum([
      'out,in',
      'in,out',
      'head,in,d_head',
      'head,d_head,in',
      'head,d_head,out',
      'head,out,d_head'
    ])
    .default('out,in')
})
export type LinearSpec = z.infer<typeof LinearSpec>
