import { z } from 'zod'
import { keysUpTo, listOf } from '../../model/list-of.ts'

/** The files of HeadVis, as its pages read them. @source HeadVis, 2026: the formats in its data_pipeline.py */

/** Sums and differences of millions of these are numbers, too. */
const Value = z.number().min(-1e100).max(1e100)
/** Weights and places of a sequence at most, and tokens. */
const mostWeights = 2 ** 22
/** Numbers of a head, by their names. */
const mostNumbers = 1000

const HeadPlace = z.tuple([z.int().min(0).max(100_000), z.int().min(0).max(100_000)])

/** What is not spoken of here stays as it is. */
export const HeadVisConfig = z.looseObject({
  model_name: z.string(),
  dataset_name: z.string().default(''),
  n_layers: z.int().min(0),
  n_heads: z.int().min(0),
  /** [layer, head] of each that there is. */
  heads: listOf(HeadPlace, 1_000_000),
  n_intervals: z.int().min(1).max(1000),
  metrics: listOf(z.string(), mostNumbers),
  metric_descriptions: keysUpTo(mostNumbers).pipe(z.record(z.string(), z.string())).default({}),
  head_data_pattern: z.string().default('L{layer}H{head}.json')
})
export type HeadVisConfig = z.infer<typeof HeadVisConfig>

/** A head's numbers by their names; null where there is none. */
export const HeadVisRow = keysUpTo(mostNumbers + 100).pipe(
  z.object({ layer: z.int().min(0), head: z.int().min(0) }).catchall(Value.nullable())
)
export type HeadVisRow = z.infer<typeof HeadVisRow>
export const HeadVisScatter = listOf(HeadVisRow, 1_000_000)

export const HeadVisSequence = z
  .object({
    sequence_id: z.int(),
    /** From 1, the lowest. */
    interval: z.int().min(1),
    tokens: listOf(z.string(), mostWeights),
    /** query · seq_len + key of each weight that is kept. */
    attention_indices: listOf(z.int().min(0), mostWeights),
    attention_values: listOf(Value.min(0), mostWeights),
    seq_len: z.int().min(1),
    max_activation: Value
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
  .object({ bin_edges: listOf(Value, mostWeights), bin_values: listOf(Value, mostWeights) })
  .partial()
  .default({})

const TokenWeights = listOf(z.object({ token: z.string(), weight: Value }), mostWeights).default([])

/** What is known of one head. */
export const HeadVisHead = z.object({
  sequences: listOf(HeadVisSequence, 100_000),
  qk_distance_histogram: Histogram,
  histogram: Histogram,
  top_query_tokens: TokenWeights,
  top_key_tokens: TokenWeights,
  statistics: z.looseObject({ mean_max_activation: z.unknown() }).partial().default({})
})
export type HeadVisHead = z.infer<typeof HeadVisHead>

/** Where the file of a head lies, by the pattern of its name. */
export function headFile(pattern: string, layer: number, head: number): string {
  const name = pattern.replaceAll('{layer}', String(layer)).replaceAll('{head}', String(head))
  return `heads/${name}`
}
