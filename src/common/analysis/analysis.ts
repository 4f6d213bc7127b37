import type { z } from 'zod'
import type { Dataset, Variable } from '../data/dataset.ts'
import type { AttentionSpec } from '../model/attention-spec.ts'
import type { Category } from '../model/category.ts'
import type { Edit } from '../model/edit.ts'
import type { GradientTarget } from '../model/gradient-target.ts'
import type { ScoreFacts } from '../model/score-facts.ts'
import type { EmbeddingSpec } from '../model/spec.ts'
import type { DType, FloatDType } from '../model/tensor.ts'
import type { Token } from '../model/token.ts'
import type { Visibility } from '../model/visibility.ts'
import type { MlpFacts } from '../model/mlp-facts.ts'
import type { WeightAddress } from '../model/weight-view.ts'

/** What a reader has to know of an analysis; stands behind the About of every view of it. */
export interface About {
  /** What it measures, in a sentence or two. */
  readonly what: string
  readonly formulas: readonly string[]
  readonly sources: readonly string[]
  /** How to read it. */
  readonly read: string
  /** What it is to be compared with; empty where nothing is. */
  readonly baseline: string
}

/** A variable that an analysis gives. */
export type Given = Pick<Variable, 'axes' | 'unit' | 'about'> & { readonly name: string }

/** What an analysis may know of a model without running it; plain data, for it crosses to another thread. */
export interface ModelFacts {
  readonly name: string
  /** Null of a model that cannot run. */
  readonly config: {
    readonly nLayers: number
    readonly nHeads: number
    readonly nKeyValueHeads: number
    readonly dModel: number
    readonly dHead: number
    readonly dVocab: number
    /** The most tokens that it takes. */
    readonly nCtx: number
  } | null
  /** Of a model that cannot run why, and what to do then; left out where that is not known. */
  readonly notRunnable?: { readonly why: string; readonly hint: string | null }
  /** Of each layer; null where it is not known. */
  readonly visibility: readonly Visibility[] | null
  /** How each layer scores keys; null where it is not known. */
  readonly scores: readonly ScoreFacts[] | null
  /** Of each layer; left out where they are not known. */
  readonly mlps?: readonly MlpFacts[]
  /** How it tells positions; null where it is not known. */
  readonly positions: PositionFacts | null
  readonly predicts: 'next' | 'masked' | 'labels' | null
  /** What the model's logits are of, where it classifies. */
  readonly labels: readonly string[] | null
  /** Whether its logits are of the text as a whole, not of each position. */
  readonly ofText: boolean
  /** Of an analysis of weights alone; else empty. */
  readonly tensors: readonly TensorFacts[]
  /** The texts that params name tokens by, as the model's tokenizer splits them, with nothing around them; or why it cannot. */
  readonly texts: ReadonlyMap<string, readonly Token[] | string>
  /** What rows of the embedding are multiplied with as they are looked up; 1 where it is left out. */
  readonly embeddingScale?: number
  /** What `inputs_embeds`, as transformers takes them, are multiplied with to be `hook_embed`; 1 where it is left out. */
  readonly inputsScale?: number
  /** Full names of the hooks of a model that runs; left out where they are not known. */
  readonly hooks?: readonly string[]
  /** The norm before the unembedding, and what is added to its stored scale; null where there is none, or it is not known. */
  readonly finalNorm?: { readonly kind: 'layer' | 'rms'; readonly offset: number } | null
}

/** How a model tells positions, as its declaration says it. */
export interface PositionFacts {
  /** What is added to the embeddings of tokens. */
  readonly embedding: EmbeddingSpec['positions']
  /** How wide that is. */
  readonly width: number
  /** What the attention of each layer does with them. */
  readonly layers: readonly AttentionSpec['positions'][]
}

export interface TensorFacts {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Elements. */
  readonly parameters: number
  readonly category: Category
  /** The first block that it is of; null of what stands before and after them. */
  readonly layer: number | null
  /** The stored tensor this one is the same as, when it is not stored itself. */
  readonly tiedTo: string | null
}

/** What an analysis asks for of each window, or of the weights. */
export interface Needs {
  /** Full names of hooks; each value comes as float32. */
  readonly hooks: readonly string[]
  /**
   * Whether their values are those that were computed. Else, of one window, as the trace cache keeps them: patterns and
   * scores rounded to half precision, so that they are quick to look at again.
   */
  readonly exact: boolean
  /** Of each of these hooks one slice of its first axis, such as one head of a pattern; null for the whole value. */
  readonly slice: number | null
  /**
   * Positions whose logits it takes, some at a time. `mask`: those that hold the mask, by its
   * id, which the model's tokenizer tells where it is null.
   */
  readonly logits: readonly number[] | { readonly mask: number | null } | 'last' | 'every' | null
  /**
   * Hooks of [pos, d_model] whose values go through the model's own way out, final norm and unembedding, as if they were
   * the last residual: at the same positions as `logits`, with which they come.
   */
  readonly unembedded: readonly string[]
  /** Logits, or differences of two, that are taken apart by what components add to the residual stream. */
  readonly direct: readonly DirectTarget[] | null
  /** Numbers that are differentiated, one after the other, and the hooks whose gradients, towards what flows on from them, are taken. */
  readonly gradient: {
    readonly targets: readonly GradientTarget[]
    readonly hooks: readonly string[]
  } | null
  /**
   * Edits of further runs of the window, each made with the run's own before them; of each come the logits of the same
   * positions.
   */
  readonly edited: readonly (readonly Edit[])[]
  /** Numbers that are differentiated in each of these runs; where there are no hooks their values alone come. */
  readonly editedGradient: Needs['gradient']
  /** Weights by role, in this order, in float32 and some rows at a time; those that the model lacks do not come. */
  readonly weights: readonly WantedWeight[]
  /**
   * The bytes of stored tensors of floating-point numbers by their names, or of all there are; in the files' order, each place
   * in a file once and piece by piece. Of two models a tensor comes of one and then of the other.
   */
  readonly tensors: 'all' | readonly string[]
  /** Parts of stored tensors of any numbers, in this order and piece by piece; of the files no more than these are read. */
  readonly parts: readonly TensorPart[]
}

/** A part of a stored tensor, by its name: of each axis the first index and the one after the last. */
export interface TensorPart {
  readonly tensor: string
  readonly range: readonly (readonly [from: number, to: number])[]
}

/** A weight, whole or in part. */
export interface WantedWeight extends WeightAddress {
  /** Its columns come as rows do: as [out, in]. */
  readonly transposed?: boolean
  /** The rows that come, in this order, once it is transposed; all where it is left out. */
  readonly rows?: readonly number[]
}

/** A logit at a position before any soft cap; or how far it is above that of another token. */
export interface DirectTarget {
  readonly position: number
  readonly token: number
  readonly other: number | null
}

/**
 * What a logit is a sum of, the scales of norms held as they are: the embedding as it enters the first block, learned
 * positions (0 where there are none, or where the sum is normed or projected: then they are in the embedding), what
 * attention and MLP of each layer add, the shifts of norms of the stream, the bias of the unembedding. `head` and
 * `neuron` are what attention and MLP are a sum of, but for their biases, and `by_z` is what a head would give for each
 * dimension of hook_z.
 */
export type DirectPart =
  | 'logit'
  | 'embed'
  | 'pos_embed'
  | 'attn'
  | 'mlp'
  | 'norm_shift'
  | 'unembed_bias'
  | 'head'
  | 'neuron'
  | 'by_z'

/** Some tokens that a model reads at once. */
export interface Window {
  readonly ids: Int32Array
  /** The text of each token, and null for one that is special; null where no tokenizer tells. */
  readonly texts: readonly (string | null)[] | null
  /** Where it comes from, such as `play.txt, tokens 512 to 767`. */
  readonly label: string
  /** That it begins with tokens of the window before. */
  readonly overlaps?: true
}

/**
 * Something that an analysis needs, as it comes. Its data is valid as long as the accumulator likes, but that of logits
 * until it has taken them: they are large, and given back at once.
 */
export type Taken =
  /** Axes as `common/model/hooks.ts` names them. */
  | {
      readonly kind: 'hook'
      readonly hook: string
      readonly shape: readonly number[]
      readonly data: Float32Array
    }
  /**
   * [position, d_vocab or label], and after these as many rows of each hook whose value goes through the model's own way
   * out, in their order.
   */
  | {
      readonly kind: 'logits'
      readonly positions: readonly number[]
      readonly data: Float32Array
    }
  /** Logits of a further run, by its place among those that are asked for. */
  | {
      readonly kind: 'edited'
      readonly place: number
      readonly positions: readonly number[]
      readonly data: Float32Array
    }
  /** A hook's value and, of its shape, the gradient by it; the last block's come first. */
  | {
      readonly kind: 'gradient'
      /** Of a further run its place among those that are asked for; null of the run itself. */
      readonly place: number | null
      /** Which of the numbers is differentiated, by its place among them. */
      readonly target: number
      readonly hook: string
      readonly shape: readonly number[]
      readonly value: Float32Array
      readonly data: Float32Array
    }
  /** The number that was differentiated, after all of its gradients. */
  | {
      readonly kind: 'target'
      readonly place: number | null
      readonly target: number
      readonly value: number
    }
  /** [target], and after it of `head` [head], of `neuron` [d_mlp], of `by_z` [head, d_head] */
  | {
      readonly kind: 'direct'
      readonly part: DirectPart
      /** Null of what is of no layer. */
      readonly layer: number | null
      readonly data: Float32Array | Float64Array
    }
  /**
   * Rows of a weight from `start` on; `shape` is that of all that comes of it, as `common/model/weight-view.ts` names its
   * axes, where it is not transposed.
   */
  | {
      readonly kind: 'weight'
      readonly address: WantedWeight
      readonly shape: readonly number[]
      readonly start: number
      readonly data: Float32Array
    }
  /** Whole elements of a stored tensor that goes by these names, in row-major order; of each an empty piece comes first. */
  | {
      readonly kind: 'tensor'
      readonly names: readonly string[]
      readonly dtype: FloatDType
      readonly shape: readonly number[]
      readonly bytes: Uint8Array
    }
  /** Whole elements of a part of a stored tensor, in row-major order. */
  | {
      readonly kind: 'part'
      readonly part: TensorPart
      readonly dtype: DType
      readonly bytes: Uint8Array
    }

/** Of two subjects: the one that an analysis is of, 0, and the one that it is compared with, 1. */
export type Side = 0 | 1

/** What an accumulator holds between windows: JSON and typed arrays. */
export type State = Readonly<Record<string, unknown>>

/**
 * Says how far long work has come; what lays points out step by step now and then also where they lie by now: [point, dimension].
 */
export type Report = (done: number, total: number, places?: Float32Array) => void

/** Takes windows in, one after the other, and says what they come to. */
export interface Accumulator {
  /** Another window begins; what is taken until the next is of it. One text is a corpus of one window. */
  begin(window: Window): void
  /** @param side whose it is; of an analysis that compares nothing always 0 */
  take(taken: Taken, side: Side): void
  /** What else it needs of the window, now that it has taken all of what it asked for; null where it has enough. */
  more?(): Needs | null
  /** What all windows so far come to; asked between windows. One that takes long reports how far it is. */
  result(report?: Report): Dataset
  /** All that going on later needs, so that the result is the same bit for bit; asked between windows. */
  state(): State
}

/** What is said of an analysis, whoever computes it. */
export interface AnalysisFacts<P = unknown> {
  /** Its name on the command line and in the API, and a part of the key of its results. */
  readonly name: string
  /** Raised whenever its numbers change, so that those kept from before are not taken for it. */
  readonly version: number
  readonly about: About
  readonly gives: readonly Given[]
  /** Defaults and limits of its params; forms, flags and schemas come from it. */
  readonly params: z.ZodType<P>
  /** What it is of: the weights alone, one window, any number of windows, or the checkpoints of a folder, one after the other. */
  readonly of: 'weights' | 'window' | 'windows' | 'checkpoints'
  /**
   * Whether it compares two subjects: other models of the same tokens, or other edits; of weights two models. Both read the
   * same windows, and logits come of both in turn, the same rows.
   */
  readonly compares: boolean
}

/**
 * A way to look at a model: what it is, what it needs and what it makes of that. Listed once, in registry.ts: that
 * makes it reachable from the API, the command line, views and sessions.
 */
export interface Analysis<P = unknown> extends AnalysisFacts<P> {
  readonly of: 'weights' | 'window' | 'windows'
  /** Whether with these params it is of the weights alone, where else it is of texts. */
  ofWeights?(params: P): boolean
  /** Whether its results are worth keeping: they take longer than reading them back. */
  readonly keeps: boolean
  /** Whether what it needs depends on what it takes: after each window it is asked for more until it has enough. */
  readonly continues?: true
  /** Texts by which its params name tokens: the model's facts have what they are split into. */
  texts?(params: P): readonly string[]
  /**
   * @param tokens of the window; 0 of the weights, and where only what every window needs is asked
   * @throws LamellaError `invalid-argument` when params do not fit the model or the window
   */
  needs(params: P, model: ModelFacts, tokens: number): Needs
  /** Windows of its own, where it is given none. */
  windows?(params: P, model: ModelFacts): readonly (readonly number[])[]
  /** @param state what an accumulator of equal params and model held; null at the beginning */
  start(params: P, model: ModelFacts, state: State | null): Accumulator
  /** The result with the tokens that its numbers stand for, where it has such: their vocabulary is elsewhere. */
  described?(result: Dataset, naming: Naming): Promise<Dataset>
}

/** Tokens by their ids, in the order of these. */
export type Describe = (ids: readonly number[]) => Promise<readonly Token[]>

/** What the ids in a result stand for. */
export interface Naming {
  /** Those of the vocabulary, of which texts are made. */
  readonly tokens: Describe
  /** Those of logits, where these are of labels; null where they are of the vocabulary, too. */
  readonly labels: Describe | null
}

/** Needs of nothing, for those that need little to say the rest. */
export const nothing: Needs = {
  hooks: [],
  exact: true,
  slice: null,
  logits: null,
  unembedded: [],
  direct: null,
  gradient: null,
  edited: [],
  editedGradient: null,
  weights: [],
  tensors: [],
  parts: []
}
