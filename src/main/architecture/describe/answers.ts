import type { Answers } from '#common/model/describe-reading.ts'
import type { TransformerSpec } from '#common/model/spec.ts'

/** The answers that a description was made with, as far as it tells them. */
export function answersOf(spec: TransformerSpec): Answers {
  const { nHeads, causal, embedding, blocks, dModel, unembedding, nCtx } = spec
  const { norms, parallel, attention, mlp } = blocks[0]!
  const norm = norms.attentionIn ?? norms.afterAttention ?? norms.attentionOut
  const place = norms.afterAttention
    ? 'post'
    : norms.attentionIn
      ? parallel
        ? 'parallel'
        : 'pre'
      : 'out'
  const rotary = attention.positions?.kind === 'rotary' ? attention.positions : null
  return {
    heads: String(nHeads),
    ...(mlp && mlp.kind !== 'experts' && { activation: mlp.activation }),
    causal: causal ? 'yes' : 'no',
    normPlace: place,
    ...(norm && { epsilon: String(norm.epsilon), normKind: norm.kind }),
    scale: scaleAnswer(attention.scale, dModel),
    weightless: norm && norm.scale === null ? norm.kind : 'none',
    positionsAt: attention.positions?.kind === 'shortformer' ? 'shortformer' : 'sum',
    ...(unembedding?.labels && { from: unembedding.from }),
    embeddingScale: embedding.scale === Math.sqrt(dModel) ? 'root' : 'one',
    fused: attention.projections.layout,
    positions: positionsAnswer(spec),
    nCtx: String(nCtx),
    ...(rotary && { rotaryBase: String(rotary.base), rotaryDims: String(rotary.dims) }),
    tied: unembedding === null ? 'none' : 'tied'
  }
}

function scaleAnswer(scale: number | null, dModel: number): string {
  if (scale === null) return 'd_head'
  return scale === 1 ? 'one' : scale === dModel ** -0.5 ? 'd_model' : 'd_head'
}

function positionsAnswer({ embedding, blocks }: TransformerSpec): string {
  const { positions } = blocks[0]!.attention
  if (positions?.kind === 'rotary') return `rotary-${positions.pairs}`
  if (positions?.kind === 'alibi') return 'alibi'
  if (embedding.positions?.kind !== 'sinusoidal') return 'none'
  return embedding.positions.order === 'sines-first' ? 'sinusoidal-sines-first' : 'sinusoidal'
}
