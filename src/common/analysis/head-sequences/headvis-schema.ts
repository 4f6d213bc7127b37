import { z } from 'zod'

/** The files of HeadVis, as its pages read them. @source HeadVis, 2026: the formats in its data_pipeline.py */

const HeadPlace = z.tuple([z.int().min(0).max(100_000), z.int().min(0).max(100_000)])

/** What is not spoken of here stays as it is. */
export const HeadVisConfig = z.looseObject({
  model_name: z.string(),
  dataset_name: z.string().default(''),
  n_layers: z.int().min(0),
  n_heads: z.int().min(0),
  /** [layer, head] of each that there is. */
  heads: z.array(HeadPlace).max(1_000_000),
  n_intervals: z.int().min(1).max(1000),
  metrics: z.array(z.string()).max(1000),
  metric_descriptions: z.record(z.string(), z.string()).default({}),
  head_data_pattern: z.string().default('L{layer}H{head}.json')
})
export type HeadVisConfig = z.infer<typeof HeadVisConfig>

/** A head's numbers by their names; null where there is none. */
export const HeadVisRow = z
  .object({ layer: z.int().min(0), head: z.int().min(0) })
  .catchall(z.number().nullable())
export type HeadVisRow = z.infer<typeof HeadVisRow>
export const HeadVisScatter = z.array(HeadVisRow).max(1_000_000)

export const HeadVisSequence = z
  .object({
    sequence_id: z.int(),
    /** From 1, the lowest. */
    interval: z.int().min(1),
    tokens: z.array(z.string()),
    /** query · seq_len + key of each weight that is kept. */
    attention_indices: z.array(z.int().min(0)),
    attention_values: z.array(z.number().min(0)),
    seq_len: z.int().min(1),
    max_activation: z.number()
  })
  .superRefine((sequence, context) => {
    const { tokens, attention_indices: indices, attention_values: values, seq_len: size } = sequence
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (tokens.length !== size) fault('tokens', `${tokens.length} tokens, and seq_len is ${size}`)
    if (values.length !== indices.length)
      fault('attention_values', `${values.length} weights for ${indices.length} places`)
    const beyond = indices.find(index => index >= size ** 2)
    if (beyond !== undefined)
      fault('attention_indices', `${beyond} lies beyond a pattern of ${size} tokens`)
  })
export type HeadVisSequence = z.infer<typeof HeadVisSequence>

const Histogram = z
  .object({ bin_edges: z.array(z.number()), bin_values: z.array(z.number()) })
  .partial()
  .default({})

const TokenWeights = z.array(z.object({ token: z.string(), weight: z.number() })).default([])

/** What is known of one head. */
export const HeadVisHead = z.object({
  sequences: z.array(HeadVisSequence).max(100_000),
  qk_distance_histogram: Histogram,
  histogram: Histogram,
  top_query_tokens: TokenWeights,
  top_key_tokens: TokenWeights,
  statistics: z.record(z.string(), z.unknown()).default({})
})
export type HeadVisHead = z.infer<typeof HeadVisHead>

/** Where the file of a head lies, by the pattern of its name. */
export function headFile(pattern: string, layer: number, head: number): string {
  const name = pattern.replaceAll('{layer}', String(layer)).replaceAll('{head}', String(head))
  return `heads/${name}`
}
