import { LamellaError } from '#common/model/errors.ts'
import type { NormSpec, TransformerSpec } from '#common/model/spec.ts'
import { add, mul, reduceSum, reshape } from '../../graph/expressions.ts'
import { gradient } from '../../graph/gradient.ts'
import { createGraph, type Graph, type Value } from '../../graph/graph.ts'
import { mlpParts, neuronCount } from '../mlp-parts.ts'
import type { TensorTable } from '../tensor-table.ts'
import { constructionOf } from './construction.ts'
import { uncapped } from './ends.ts'
import { frozenNormGradient } from './frozen-norm.ts'
import { neuronsOutput, splitParts } from './mlp.ts'
import { linear, norm } from './weights.ts'

/**
 * How some logits come about at the end of the residual stream, before any soft cap, one in each row.
 *
 * Inputs: `hook_resid_post` [pos, d_model] and `choice` [pos, d_vocab], by which logits are multiplied and summed.
 * Outputs: `logit` [pos]; `normalized` [pos, d_model], what the unembedding reads; `grad.normalized` by it; and
 * `towards` [pos, d_model], by the residual, the scale of the final norm held as it is.
 * @throws LamellaError `unsupported` where logits are no sum of what is added to the stream
 */
export function buildDirectEnd(spec: TransformerSpec, tensors: TensorTable): Graph {
  checkAdditive(spec)
  const graph = createGraph()
  const within = constructionOf(graph, tensors, { leave: () => undefined })
  const residual = graph.input('hook_resid_post', 'float32', ['pos', spec.dModel])
  const normalized = spec.finalNorm === null ? residual : norm(within, residual, spec.finalNorm)
  const logits = uncapped(within, spec.unembedding!, normalized)
  const choice = graph.input('choice', 'float32', logits.shape)
  const [given] = gradient(graph, logits, choice, [normalized]) as [Value]
  graph.output('logit', reduceSum(mul(logits, choice), [1]))
  graph.output('normalized', normalized)
  graph.output('grad.normalized', given)
  const towards =
    spec.finalNorm === null ? given : frozenNormGradient(within, residual, spec.finalNorm, given)
  // What comes in cannot leave as it is; a sum with nothing is it.
  graph.output('towards', add(towards, 0))
  return graph
}

/**
 * What the parts of a block give to a number directly: along the residual stream alone, the scales of norms held as they
 * are. Rows are positions of their own.
 *
 * Inputs: `towards` [pos, d_model], the gradient by the residual that leaves the block; `attn.hook_z` [pos, head, d_head]
 * and `mlp.hook_post` [pos, d_mlp]; and where the residual itself is normed `attn.sum` and `mlp.sum` [pos, d_model], what
 * these norms take in. Outputs: `grad.attn` and `grad.mlp` [pos, d_model], by what attention and MLP add; `grad.z` [pos,
 * head, d_head] and `head` [pos, head], what each head gives; `neuron` [pos, d_mlp], what each neuron gives, where there is an MLP.
 */
export function buildDirectBlock(
  spec: TransformerSpec,
  layer: number,
  tensors: TensorTable
): Graph {
  const { norms, attention, mlp, residualScale } = spec.blocks[layer]!
  const { nHeads, dHead, dModel, dMlp } = spec
  const graph = createGraph()
  const within = constructionOf(graph, tensors, { leave: () => undefined })
  const input = (name: string, shape: (string | number)[]) =>
    graph.input(name, 'float32', ['pos', ...shape])
  const through = (of: NormSpec | null, sum: () => Value, towards: Value) =>
    of === null ? towards : frozenNormGradient(within, sum(), of, towards)

  const byMlp = through(
    norms.afterMlp,
    () => input('mlp.sum', [dModel]),
    input('towards', [dModel])
  )
  const byAttention = through(norms.afterAttention, () => input('attn.sum', [dModel]), byMlp)
  graph.output('grad.mlp', add(byMlp, 0))
  graph.output('grad.attn', add(byAttention, 0))

  const scaled = (towards: Value) => (residualScale === 1 ? towards : mul(towards, residualScale))
  const z = input('attn.hook_z', [nHeads, dHead])
  const endToEnd = reshape(z, ['pos', nHeads * dHead])
  const fromHeads =
    attention.output === null ? endToEnd : linear(within, endToEnd, attention.output)
  const seed = through(norms.attentionOut, () => fromHeads, scaled(byAttention))
  const [byZ] = gradient(graph, fromHeads, seed, [z]) as [Value]
  graph.output('grad.z', byZ)
  graph.output('head', reduceSum(mul(z, byZ), [2]))

  if (mlp === null) return graph
  const parts = mlpParts(mlp, dMlp)
  const post = input('mlp.hook_post', [neuronCount(mlp, dMlp)])
  // What biases of experts add matters to the scale of a norm alone.
  const fromNeurons = neuronsOutput(within, parts, splitParts(post, parts), ({ mlp, weight }) => {
    if (norms.mlpOut === null || typeof weight === 'string') return null
    throw new LamellaError(
      'unsupported',
      `${mlp.output.bias}: what biases of experts give to a norm is not taken apart`
    )
  })
  const towardsNeurons = through(norms.mlpOut, () => fromNeurons, scaled(byMlp))
  const [byPost] = gradient(graph, fromNeurons, towardsNeurons, [post]) as [Value]
  graph.output('neuron', mul(post, byPost))
  return graph
}

function checkAdditive({ unembedding }: TransformerSpec): void {
  const unsupported = (why: string, hint: string) => new LamellaError('unsupported', why, hint)
  if (unembedding === null)
    throw unsupported('The model has no head, so it gives no logits', 'Open one that has.')
  const { transform, from } = unembedding
  if (transform !== null && (transform.activation !== 'linear' || transform.norm !== null))
    throw unsupported(
      'The head of this model transforms the residual by an activation or a norm of its own before it unembeds it, so its logits are no sum of what heads and neurons add',
      'Gradients and ablation tell what they depend on.'
    )
  if (from === 'mean')
    throw unsupported(
      'The logits of this model are of the mean over positions, so they are no sum at one of them',
      'Gradients and ablation tell what they depend on.'
    )
}
