/**
 * What a transformer is, declared: enough for one builder to write its graph. Families produce it from
 * config.json; every width is a positive integer and every block says all of itself.
 */
export interface TransformerSpec {
  readonly nHeads: number
  readonly nKeyValueHeads: number
  readonly dModel: number
  readonly dHead: number
  readonly dMlp: number
  readonly dVocab: number
  readonly nCtx: number
  /** Each query sees only keys at or before it. */
  readonly causal: boolean
  readonly embedding: EmbeddingSpec
  readonly blocks: readonly BlockSpec[]
  readonly finalNorm: NormSpec
  readonly unembedding: LinearSpec
}

export interface EmbeddingSpec {
  /** W_E [d_vocab, d_model]. */
  readonly tokens: string
  /** W_pos [n_ctx, d_model], added to the token embedding. */
  readonly positions: string
}

export interface BlockSpec {
  readonly ln1: NormSpec
  readonly attention: AttentionSpec
  readonly ln2: NormSpec
  readonly mlp: MlpSpec
}

export interface NormSpec {
  /** Tensor [d_model]. */
  readonly scale: string
  /** Tensor [d_model]. */
  readonly shift: string
  readonly epsilon: number
}

export interface AttentionSpec {
  /** Queries, keys and values of all heads end to end on the output axis: [d_model, 3 · d_model]. */
  readonly qkv: LinearSpec
  readonly output: LinearSpec
  /** Factor of q · k before the softmax. */
  readonly scale: number
}

export interface MlpSpec {
  readonly input: LinearSpec
  readonly output: LinearSpec
  readonly activation: Activation
}

/** A matrix and where its axes lie in the file. */
export interface LinearSpec {
  readonly weight: string
  readonly bias: string | null
  /** `in,out` as GPT-2's Conv1D stores it, or `out,in` as torch.nn.Linear does. */
  readonly stored: 'in,out' | 'out,in'
}

/** Activations, named by what they compute; families map their own spellings to these. */
export type Activation =
  | 'gelu'
  | 'gelu-tanh'
  | 'gelu-clipped'
  | 'gelu-quick'
  | 'hard-sigmoid'
  | 'hard-swish'
  | 'laplace'
  | 'leaky-relu'
  | 'linear'
  | 'mish'
  | 'relu'
  | 'relu-squared'
  | 'relu6'
  | 'sigmoid'
  | 'silu'
  | 'softplus'
  | 'tanh'
