import { activationNames } from '../activations.ts'
import type { Family } from '../family.ts'
import { decoderHead, embeddingTensor } from '../heads.ts'
import { forBlocks, namedSpecs, prefixOf } from '../named-specs.ts'

/**
 * nanoGPT's checkpoints: GPT-2 whose matrices lie as those of torch.nn.Linear, with biases or without.
 * @source nanoGPT, `model.py`: `GPTConfig`, of which train.py keeps `model_args`
 */
export const nanogpt: Family = {
  name: 'nanogpt',
  modelTypes: ['nanogpt'],
  // Both forms have been its GELU, and no checkpoint says which: model.py has had the exact one since June 2023.
  assumes: () => [
    'nanoGPT’s checkpoints do not say which form of GELU they were trained with: the one by tanh is taken. With the exact one logits differ by some thousandths; config.json or a description can say it.'
  ],

  describe(config, tensors) {
    const activation = config.choice('activation_function', activationNames, 'gelu_new')
    const dModel = config.width('n_embd', 768)
    const nHeads = config.width('n_head', 12)
    const bias = config.boolean('bias', true)
    const prefix = prefixOf(tensors, 'h.0.', ['transformer.', ''])
    const { tensor, linear, layerNorm } = namedSpecs(tensors, prefix)
    const names = { embedding: tensor('wte.weight'), unembedding: 'lm_head.weight', tied: true }

    return {
      nHeads,
      nKeyValueHeads: nHeads,
      dModel,
      dHead: dModel / nHeads,
      dMlp: 4 * dModel,
      dVocab: config.width('vocab_size', 50304),
      nCtx: config.width('block_size', 1024),
      causal: true,
      embedding: {
        tokens: embeddingTensor(config, tensors, names),
        positions: { kind: 'learned', table: tensor('wpe.weight') }
      },
      blocks: forBlocks(config.blocks('n_layer', 12), layer => ({
        norms: {
          attentionIn: layerNorm(`h.${layer}.ln_1`, 1e-5, bias),
          mlpIn: layerNorm(`h.${layer}.ln_2`, 1e-5, bias)
        },
        attention: {
          projections: { layout: 'concatenated', linear: linear(`h.${layer}.attn.c_attn`, bias) },
          output: linear(`h.${layer}.attn.c_proj`, bias)
        },
        mlp: {
          kind: 'plain',
          input: linear(`h.${layer}.mlp.c_fc`, bias),
          output: linear(`h.${layer}.mlp.c_proj`, bias),
          activation
        }
      })),
      finalNorm: layerNorm('ln_f', 1e-5, bias),
      unembedding: decoderHead(config, tensors, names)
    }
  }
}
