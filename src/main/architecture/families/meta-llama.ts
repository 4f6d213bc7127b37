import type { z } from 'zod'
import type { RotarySpec } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { Family } from '../family.ts'
import { decoderHead } from '../heads.ts'
import { forBlocks, namedSpecs } from '../named-specs.ts'

/**
 * Llama as Meta stores it (`consolidated.00.pth` with params.json) and as llama2.c trains it: neighbouring dimensions turn
 * together, and widths that params.json does not say are those of the tensors.
 * @source llama-models, `args.py` and `model.py`; llama2.c, `model.py`
 */
export const metaLlama: Family = {
  name: 'meta_llama',
  modelTypes: ['meta_llama'],

  describe(config, tensors) {
    const dModel = config.width('dim', 4096)
    const nHeads = config.width('n_heads', 32)
    const dHead = dModel / nHeads
    const epsilon = config.notNegative('norm_eps', 1e-5)
    const { linear, rmsNorm } = namedSpecs(tensors, '')
    const width = (tensor: string, fallback: number) => tensors.get(tensor)?.shape[0] ?? fallback
    const names = { embedding: 'tok_embeddings.weight', unembedding: 'output.weight', tied: true }
    const positions = rotary(config, dHead)

    return {
      nHeads,
      nKeyValueHeads: config.width('n_kv_heads', nHeads),
      dModel,
      dHead,
      dMlp: width('layers.0.feed_forward.w1.weight', 4 * dModel),
      // params.json of Llama 2 says -1.
      dVocab: width(names.embedding, 32000),
      nCtx: config.width('max_seq_len', positions.base >= 5e5 ? 8192 : 2048),
      causal: true,
      embedding: { tokens: names.embedding },
      blocks: forBlocks(config.blocks('n_layers', 32), layer => {
        const module = (name: string) => linear(`layers.${layer}.${name}`, false)
        return {
          norms: {
            attentionIn: rmsNorm(`layers.${layer}.attention_norm`, epsilon),
            mlpIn: rmsNorm(`layers.${layer}.ffn_norm`, epsilon)
          },
          attention: {
            projections: {
              layout: 'separate',
              query: module('attention.wq'),
              key: module('attention.wk'),
              value: module('attention.wv')
            },
            output: module('attention.wo'),
            positions
          },
          mlp: {
            kind: 'gated',
            gate: module('feed_forward.w1'),
            input: module('feed_forward.w3'),
            output: module('feed_forward.w2'),
            activation: 'silu'
          }
        }
      }),
      finalNorm: rmsNorm('norm', epsilon),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}

function rotary(config: ConfigReader, dims: number): z.input<typeof RotarySpec> {
  const scaling = config.boolean('use_scaled_rope', false)
    ? ({
        type: 'llama3',
        factor: config.positive('rope_scaling_factor', 8),
        trained: 8192,
        lowFrequency: 1,
        highFrequency: 4
      } as const)
    : ({ type: 'none' } as const)
  const base = config.positive('rope_theta', 10000)
  return { kind: 'rotary', dims, pairs: 'adjacent', base, scaling }
}
