import { z } from 'zod'
import { Absence, type Absent } from '../model/absence.ts'
import { Architecture } from '../model/architecture.ts'
import { Category } from '../model/category.ts'
import { Json } from '../model/json.ts'
import { Provider } from '../model/provider.ts'
import { MadeRunSource } from '../model/run-source.ts'
import { MlpFacts } from '../model/mlp-facts.ts'
import { ScoreFacts } from '../model/score-facts.ts'
import { dtypes } from '../model/tensor.ts'
import { Token } from '../model/token.ts'
import { Visibility } from '../model/visibility.ts'

/** What one tensor of a checkpoint is. */
export const TensorInfo = z.object({
  name: z.string(),
  dtype: z.enum(dtypes),
  shape: z.array(z.number()),
  /** Elements. */
  parameters: z.number(),
  /** Bytes in the file; 0 for an alias of another tensor. */
  bytes: z.number(),
  /** File name relative to the model folder. */
  file: z.string(),
  category: Category,
  /** The first block that it is of; null of what stands before and after them. */
  layer: z.number().nullable(),
  /** The stored tensor this one is the same as, when it is not stored itself. */
  tiedTo: z.string().nullable()
})
export type TensorInfo = z.infer<typeof TensorInfo>

/** The widths of a transformer, under the field's names. */
export const ModelConfig = z.object({
  nLayers: z.number(),
  nHeads: z.number(),
  nKeyValueHeads: z.number(),
  dModel: z.number(),
  dHead: z.number(),
  dMlp: z.number(),
  dVocab: z.number(),
  nCtx: z.number()
})
export type ModelConfig = z.infer<typeof ModelConfig>

/** A low-rank or other adapter that lies alone, without the model that it adapts. */
export const AdapterFacts = z.object({
  /** What that is called; null where the adapter does not say. */
  of: z.string().nullable(),
  /** Where the user said that it is; null where nobody did. */
  base: z.string().nullable(),
  /** Whether adapters of its kind are applied. */
  canBeApplied: z.boolean()
})
export type AdapterFacts = z.infer<typeof AdapterFacts>

/** All that is known of an open model without running it. */
export const ModelInfo = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  /** Another one when any of its files has changed. */
  fingerprint: z.string(),
  /** The family that read it, such as `gpt2`; null when none did. */
  family: z.string().nullable(),
  config: ModelConfig.nullable(),
  /** Of each layer; null where it is not known, as of an ONNX graph. */
  visibility: z.array(Visibility).nullable(),
  /** How each layer scores keys; null where it is not known. */
  scores: z.array(ScoreFacts).nullable(),
  /** Of each layer; left out where they are not known. */
  mlps: z.array(MlpFacts).optional(),
  /** What it is made of, step by step; left out where that is not known, as of an ONNX graph. */
  architecture: Architecture.optional(),
  /** config.json as text, for display: as a value it may hold what no message can, such as a key `__proto__`. */
  rawConfig: z.string(),
  /** Parameters of the model, tied weights counted once. */
  parameters: z.number(),
  /** Elements in the files. */
  parametersStored: z.number(),
  /** One line for each tie, such as `lm_head.weight is transformer.wte.weight`. */
  ties: z.array(z.string()),
  tensors: z.array(TensorInfo),
  /** Why it cannot run; null when it can. */
  notRunnable: z.string().nullable(),
  /** What to do when it cannot; null where there is nothing to say. */
  notRunnableHint: z.string().nullable(),
  /** How the tokenizer reads text, such as `WordLevel`; null when there is none to use. */
  tokenizer: z.string().nullable(),
  /** Why text cannot be tokenized; null when it can. */
  notTokenizable: z.string().nullable(),
  /** Full names of the values that a run of it has; empty when it cannot run. */
  hooks: z.array(z.string()),
  /** There where it is of an adapter alone. */
  adapter: AdapterFacts.optional(),
  /** What a run of it does not give, and why, in sentences. */
  limits: z.array(z.string()),
  /** What the reading of its files took for granted or left out, in sentences; sessions of before there were such say nothing. */
  notes: z.array(z.string()).default([]),
  /**
   * How its weights are unlike those that its files store: an adapter is merged into them, or names are read without the words of
   * a wrapper. Left out where they are as they are stored.
   */
  unlikeStored: z.enum(['adapter', 'names']).optional(),
  /** The token that no query sees, as padding; left out where all tokens are seen. */
  unseenToken: z.number().optional(),
  /** What its logits at a position are of: the next token, the one there (a masked one's), labels. */
  predicts: z.enum(['next', 'masked', 'labels']).nullable(),
  /** Its logits are of the text as a whole, one row; left out where they are of each position. */
  ofText: z.literal(true).optional(),
  /** Names of its labels in the order of its logits; left out where these are of the vocabulary. */
  labels: z.array(z.string()).optional(),
  /** A text worth running first; null when none is known. */
  sampleText: z.string().nullable(),
  /**
   * There only where an open session stands in for a model: that is not at its path any more, or is another one there now, or
   * was set aside to see what was kept of it. What the session keeps is answered, all else is refused with the next step.
   */
  absent: Absence.optional()
})
export type ModelInfo = z.infer<typeof ModelInfo>

/** A model that an open session stands in for. */
export type AbsentModel = Absent<ModelInfo>

/** The checkpoints of one training, by their steps. */
export const CheckpointFolder = z.object({
  path: z.string(),
  /** In the order of their steps. */
  checkpoints: z.array(
    z.object({
      /** As it lies in the folder. */
      name: z.string(),
      path: z.string(),
      /** The number in its name. */
      step: z.number()
    })
  ),
  /** What else there is that could be a model, and why it is none of them, a sentence each. */
  left: z.array(z.string())
})
export type CheckpointFolder = z.infer<typeof CheckpointFolder>

/** An analysis as it is offered. */
export const AnalysisInfo = z.object({
  name: z.string(),
  about: z.object({
    what: z.string(),
    formulas: z.array(z.string()),
    sources: z.array(z.string()),
    read: z.string(),
    baseline: z.string()
  }),
  /** What it is of: the weights alone, one window of tokens, any number of them, or the checkpoints of a folder. */
  of: z.enum(['weights', 'window', 'windows', 'checkpoints']),
  /** Whether it compares two subjects. */
  compares: z.boolean(),
  /** JSON schema of its params. */
  params: Json,
  /** The variables of its result; which of them there are may depend on params and model. */
  gives: z.array(
    z.object({ name: z.string(), axes: z.array(z.string()), unit: z.string(), about: z.string() })
  )
})
export type AnalysisInfo = z.infer<typeof AnalysisInfo>

/** A forward pass whose residuals are kept. */
export const Run = z.object({
  /** What its values are kept under: equal runs have equal ones. */
  id: z.string(),
  /** What it is of, with the provider that computes it. */
  source: MadeRunSource,
  modelId: z.string(),
  tokens: z.array(Token),
  /** Time the forward pass took, in ms; what was cached took none. */
  milliseconds: z.number(),
  /**
   * False when blocks are streamed from disk and not all have run yet: a value then runs the blocks it needs.
   */
  complete: z.boolean(),
  /**
   * The first part whose output is not finite: the embedding, or a block by its number. Null when all are, and
   * while not all blocks have run.
   */
  firstNonFinite: z.union([z.literal('embedding'), z.number().int()]).nullable()
})
export type Run = z.infer<typeof Run>

/** A stored tensor or a part of it: row-major, little-endian, in its own type of numbers. */
export const TensorSlice = z.object({
  dtype: z.enum(dtypes),
  shape: z.array(z.number()),
  bytes: z.custom<Uint8Array>(value => value instanceof Uint8Array, 'expected bytes')
})

/** A value of a run: float32, row-major, axes as `common/model/hooks.ts` names them. */
export const TensorValue = z.object({
  shape: z.array(z.number()),
  data: z.custom<Float32Array>(value => value instanceof Float32Array, 'expected float32')
})
export type TensorValue = z.infer<typeof TensorValue>

/** A number that a run gives, and how it changes with values inside the run. */
export const GradientValue = z.object({
  value: z.number(),
  /** By the input embedding, as transformers takes it (`inputs_embeds`), towards what flows on from it: [pos, width]. */
  embed: TensorValue,
  /** By the rows of W_E that the text reads, through the embedding alone: [id, width]. */
  rows: z.object({ ids: z.array(z.number()), gradient: TensorValue }),
  /** By each hook asked for, towards what flows on from it. */
  hooks: z.record(z.string(), TensorValue),
  /** By the scale of each of the run's edits: one number for all that it chooses. */
  scales: z.array(z.number())
})
export type GradientValue = z.infer<typeof GradientValue>

/** One folder as the folder browser shows it. */
export const DirectoryListing = z.object({
  path: z.string(),
  /** Null at the root. */
  parent: z.string().nullable(),
  entries: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      /** `model`: a folder or a file that `models.open` takes; `session`: one for `sessions.open`. */
      kind: z.enum(['folder', 'model', 'session'])
    })
  ),
  /** Some entries are left out because there are too many. */
  truncated: z.boolean(),
  /** Places worth jumping to: home, the samples, the roots. */
  places: z.array(z.object({ name: z.string(), path: z.string() }))
})
export type DirectoryListing = z.infer<typeof DirectoryListing>

/** A model in the Hugging Face cache. */
export const CachedModel = z.object({
  /** Such as `openai-community/gpt2`. */
  name: z.string(),
  /** The folder that `models.open` takes. */
  path: z.string(),
  /** Of all its files. */
  bytes: z.number()
})
export type CachedModel = z.infer<typeof CachedModel>

/** What a long call reports while it works. */
export const Progress = z.object({
  /** What is being done, such as `Extracting block 7 of 12`. */
  label: z.string(),
  done: z.number(),
  total: z.number(),
  /** Of points that are laid out step by step, where they lie by now: [point, dimension]. */
  places: z
    .custom<Float32Array>(value => value instanceof Float32Array, 'expected float32')
    .exactOptional()
})
export type Progress = z.infer<typeof Progress>

/** How much memory models may take, in bytes. */
export const Settings = z.object({
  /** Null for the default. */
  memoryBudgetBytes: z.number().positive().nullable(),
  defaultBytes: z.number(),
  /** What the machine has. */
  totalBytes: z.number()
})
export type Settings = z.infer<typeof Settings>

/** How a model went on with a text. */
export const Generated = z.object({
  prompt: z.array(Token),
  continuation: z.array(
    z.object({
      token: Token,
      /** The model's own: by the softmax of all logits. */
      probability: z.number(),
      /** With which it was drawn, after temperature, top-k and top-p; 1 where the most probable one is taken. */
      drawn: z.number(),
      /** The highest logit less the second highest; null where there is one token alone. */
      margin: z.number().nullable(),
      /** The most probable tokens of what it was drawn from, as many as were asked for, with both of their probabilities. */
      candidates: z.array(z.object({ token: Token, probability: z.number(), drawn: z.number() }))
    })
  ),
  /**
   * Why it ends: as long as was asked for, a token that the model ends texts with, a special token where it says none, or
   * as much as the model takes.
   */
  ended: z.enum(['length', 'end', 'special', 'context']),
  /**
   * Why each token took a run of all tokens before it; null where keys and values of those were kept, and each new token
   * ran alone.
   */
  whole: z.string().nullable(),
  provider: Provider
})
export type Generated = z.infer<typeof Generated>

/** What outlasts the workbench. */
export const KeptData = z.object({
  folder: z.string(),
  /** Of all files in it. */
  bytes: z.number(),
  /** Of those that are computed again when they are gone: values of runs and results of analyses. */
  disposableBytes: z.number()
})
export type KeptData = z.infer<typeof KeptData>

/** What a run will take. */
export const RunEstimate = z.object({
  /** The model is over the memory budget: its blocks are read from disk run after run. */
  streamed: z.boolean(),
  memoryBytes: z.number(),
  /** For all blocks, measured on some of them; null where they stay loaded. */
  seconds: z.number().nullable()
})
export type RunEstimate = z.infer<typeof RunEstimate>

/** How the workbench is doing; sent whenever it changes. */
export const Status = z.object({
  engine: z.enum(['starting', 'ready', 'restarting']),
  /** Why the engine restarted last, or null. */
  engineMessage: z.string().nullable(),
  /** Those that runs can ask for on this machine; null until the engine has said. */
  providers: z.array(Provider).nullable(),
  /** The one that runs use now. */
  provider: Provider.nullable(),
  /** Why `auto` took this provider. */
  providerReason: z.string().nullable(),
  /** Memory of engine and workbench together, in bytes. */
  memoryBytes: z.number(),
  cacheBytes: z.number(),
  /** Why something is not kept in the data folder, and what is damaged there, a line each; null for neither. */
  notice: z.string().nullable()
})
export type Status = z.infer<typeof Status>
