import type { TensorWindow } from './tensor.ts'

/**
 * Weights by what they do, under the field's names; each as [in, out], so that x · W is what the hook has: queries,
 * keys, values and the output of one head, what enters and leaves an MLP, the embeddings, the biases, and what the final norm
 * multiplies with, as stored; the scores of attention sinks, and biases of scores by relative position. Of experts W_in, W_gate, W_out and their biases are one expert's, or those of all neurons as
 * the hooks have them; b_out, which experts weigh, is one's alone.
 */
export const weightRoles = {
  W_E: ['d_vocab', 'd_model'],
  W_pos: ['n_ctx', 'd_model'],
  W_Q: ['d_model', 'd_head'],
  b_Q: ['d_head'],
  W_K: ['d_model', 'd_head'],
  b_K: ['d_head'],
  W_V: ['d_model', 'd_head'],
  b_V: ['d_head'],
  W_O: ['d_head', 'd_model'],
  b_O: ['d_model'],
  w_sink: ['head'],
  W_rel: ['bucket', 'head'],
  W_router: ['d_model', 'expert'],
  b_router: ['expert'],
  W_gate: ['d_model', 'd_mlp'],
  b_gate: ['d_mlp'],
  W_in: ['d_model', 'd_mlp'],
  b_in: ['d_mlp'],
  W_out: ['d_mlp', 'd_model'],
  b_out: ['d_model'],
  W_U: ['d_model', 'd_vocab'],
  b_U: ['d_vocab'],
  w_ln_final: ['d_model']
} as const

export type WeightRole = keyof typeof weightRoles

/** What has a weight of its own for each role. */
export const weightOwners = {
  W_E: 'model',
  W_pos: 'model',
  W_Q: 'head',
  b_Q: 'head',
  W_K: 'key/value head',
  b_K: 'key/value head',
  W_V: 'key/value head',
  b_V: 'key/value head',
  W_O: 'head',
  b_O: 'block',
  w_sink: 'block',
  W_rel: 'block',
  W_router: 'block',
  b_router: 'block',
  W_gate: 'block',
  b_gate: 'block',
  W_in: 'block',
  b_in: 'block',
  W_out: 'block',
  b_out: 'block',
  W_U: 'model',
  b_U: 'model',
  w_ln_final: 'model'
} as const satisfies Readonly<Record<WeightRole, string>>

/** Which weight: of a block and a head where the role has them, else null. */
export interface WeightAddress {
  readonly role: WeightRole
  readonly layer: number | null
  /** A query head; of `W_K`, `W_V` and their biases a key/value head. */
  readonly head: number | null
  /** Of experts which one, the shared one after the others; of all their neurons where it is left out. */
  readonly expert?: number
}

/** A weight, and where it lies in the file. Nothing is folded into it: no norm, no scale. */
export interface WeightView extends WeightAddress {
  readonly shape: readonly number[]
  /** One window, or of the neurons of experts one after the other along `along` of the shape. */
  readonly lies: readonly [TensorWindow, ...TensorWindow[]]
  readonly along: number
}
