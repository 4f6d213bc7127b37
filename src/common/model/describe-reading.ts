import { z } from 'zod'
import { ModelDescription } from './describe-file.ts'

/** Something about a model that its tensors do not say, or say only by habit. */
export const Question = z.object({
  /** What an answer goes by. */
  id: z.string(),
  /** A few words, such as `Heads`. */
  label: z.string(),
  /** What the answer rests on or changes, in a sentence. */
  help: z.string(),
  /** `choice`: one of the options; `number`: digits; `text`: any. */
  kind: z.enum(['choice', 'number', 'text']),
  /** The likeliest first. */
  options: z.array(z.object({ value: z.string(), text: z.string(), note: z.string().optional() })),
  /** The answer that the description follows. */
  value: z.string(),
  /** `open`: nothing tells; `assumed`: names, shapes or habit suggest the answer. */
  basis: z.enum(['open', 'assumed']),
  /** By the user. */
  answered: z.boolean()
})
export type Question = z.infer<typeof Question>

/** Answers by the id of their question. */
export const Answers = z.record(z.string(), z.string().max(2 ** 20))
export type Answers = z.infer<typeof Answers>

const modelParts = [
  'embedding',
  'positions',
  'embeddingNorm',
  'attentionNorm',
  'attention',
  'mlpNorm',
  'mlp',
  'finalNorm',
  'unembedding'
] as const
/** The parts of a model, in the order of the forward pass. */
export const ModelPart = z.enum(modelParts)
export type ModelPart = z.infer<typeof ModelPart>

/** A tensor and what it is taken for; `{l}` in its name where every block has one. */
export const AssignedTensor = z.object({
  tensor: z.string(),
  part: ModelPart,
  /** Within its part, such as `query · bias`. */
  role: z.string(),
  /** Null when there is no such tensor. */
  shape: z.array(z.number()).nullable()
})
export type AssignedTensor = z.infer<typeof AssignedTensor>

/** What a file says that no question is needed for. */
export const StatedFact = z.object({
  /** As the question would be called. */
  label: z.string(),
  /** The answer in words. */
  text: z.string(),
  /** The name that the file has it under. */
  field: z.string()
})
export type StatedFact = z.infer<typeof StatedFact>

/** How a home-made model is read. */
export const Reading = z.object({
  /** Null when too little of a transformer was found. */
  description: ModelDescription.nullable(),
  questions: z.array(Question),
  /** What is not asked, for a file says it. */
  stated: z.array(StatedFact),
  assigned: z.array(AssignedTensor),
  /** Tensors that the description leaves out; `note` says why where that is known. */
  unassigned: z.array(
    z.object({ tensor: z.string(), shape: z.array(z.number()), note: z.string().nullable() })
  ),
  /** What keeps the model from running, in plain words. */
  problems: z.array(z.string())
})
export type Reading = z.infer<typeof Reading>

/** How well a description predicts a text. */
export const DescriptionCheck = z.object({
  /** Mean cross-entropy, in nats per token; null when what the model gives is no number. */
  loss: z.number().nullable(),
  /** That of a uniform guess: ln(d_vocab). */
  chance: z.number(),
  /** [pos] of all windows, one after the other: the cross-entropy of each token; NaN where it was not predicted. */
  perToken: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32'),
  tokens: z.array(z.string()),
  /** What was predicted from what. */
  method: z.enum(['next-token', 'masked-token', 'same-token']),
  /** The method in a sentence. */
  explanation: z.string()
})
export type DescriptionCheck = z.infer<typeof DescriptionCheck>
