import type { ModelHook } from '#common/model/hooks.ts'
import type { LinearSpec, TransformerSpec, UnembeddingSpec } from '#common/model/spec.ts'
import { add, div, gemm, mul, reduceMean, slice, tanh } from '../../graph/expressions.ts'
import { createGraph, type Graph, type Value } from '../../graph/graph.ts'
import type { TensorTable } from '../tensor-table.ts'
import { activations } from './activation.ts'
import { constructionOf, type Construction } from './construction.ts'
import { linear, norm, weight } from './weights.ts'

/**
 * The graph from looked-up embedding rows to the first residual. Rows are looked up where the weights lie,
 * so that a vocabulary's whole matrix is not loaded for a few tokens.
 *
 * Inputs: `hook_embed` [pos, width], scaled, and where positions are added `hook_pos_embed` [pos, width or
 * d_model]; of each edited hook what `constructionOf` says. Output: `hook_resid_pre` [pos, d_model].
 */
export function buildEmbedding(
  spec: TransformerSpec,
  tensors: TensorTable,
  edited: ReadonlySet<ModelHook> = new Set()
): Graph {
  const graph = createGraph()
  embedding(constructionOf(graph, tensors, { edited }), spec)
  return graph
}

/** @returns the first residual, [pos, d_model] */
export function embedding(within: Construction, spec: TransformerSpec): Value {
  const { positions, tokenTypes, norm: normalization, projection } = spec.embedding
  const tokens = within.entry('hook_embed', ['pos', spec.embedding.width ?? spec.dModel])
  let sum = projection?.of === 'tokens' ? linear(within, tokens, projection) : tokens
  if (positions !== null) sum = add(sum, within.entry('hook_pos_embed', sum.shape))
  if (tokenTypes !== null) sum = add(sum, slice(weight(within, tokenTypes.table), 0, 0, 1))
  const normalized = normalization === null ? sum : norm(within, sum, normalization)
  const residual = projection?.of === 'sum' ? linear(within, normalized, projection) : normalized
  return within.hook('hook_resid_pre', residual)
}

/**
 * The graph from the last residual to the logits.
 *
 * Input: `hook_resid_post` [pos, d_model]. Outputs: `ln_final.hook_normalized` [pos, d_model] where there is
 * a final norm, and where there is a head `logits`: [pos, d_vocab], or [1, label] of a mean. Of each edited hook
 * what `constructionOf` says.
 */
export function buildUnembedding(
  spec: TransformerSpec,
  tensors: TensorTable,
  edited: ReadonlySet<ModelHook> = new Set()
): Graph {
  const graph = createGraph()
  unembedding(constructionOf(graph, tensors, { edited }), spec)
  return graph
}

/**
 * @param isOfChosen whether a few logits are computed, by their rows of W_U and b_U that come in: `W_U` [choice, width] and,
 * where there is a bias, `b_U` [choice]
 * @returns the logits; null for a model without a head
 */
export function unembedding(
  within: Construction,
  spec: TransformerSpec,
  isOfChosen = false
): Value | null {
  const residual = within.input('hook_resid_post', ['pos', spec.dModel])
  const normalized =
    spec.finalNorm === null
      ? residual
      : within.hook('ln_final.hook_normalized', norm(within, residual, spec.finalNorm))
  if (spec.unembedding === null) return null
  const { from, softCap } = spec.unembedding
  const read = from === 'mean' ? reduceMean(normalized, [0], true) : normalized
  const scaled = uncapped(within, spec.unembedding, read, isOfChosen ? chosen : linear)
  const logits = softCap === null ? scaled : mul(tanh(div(scaled, softCap)), softCap)
  return within.hook('logits', logits)
}

/**
 * The logits before any soft cap.
 * @param x what is unembedded, once the final norm has seen it
 * @param of multiplies with the matrix, or with what takes its place
 */
export function uncapped(
  within: Construction,
  spec: UnembeddingSpec,
  x: Value,
  of = linear
): Value {
  const raw = of(within, transformed(within, spec, x), spec.output)
  return spec.scale === 1 ? raw : mul(raw, spec.scale)
}

/** A few outputs of a linear layer, by their rows that come in. */
function chosen(within: Construction, x: Value, spec: LinearSpec): Value {
  const rows = within.input('W_U', ['choice', x.shape.at(-1)!])
  const bias = spec.bias === null ? null : within.input('b_U', ['choice'])
  return gemm(x, rows, { transposeW: true, bias })
}

function transformed(within: Construction, { transform }: UnembeddingSpec, x: Value): Value {
  if (transform === null) return x
  const activated = activations[transform.activation](linear(within, x, transform.linear))
  return transform.norm === null ? activated : norm(within, activated, transform.norm)
}
