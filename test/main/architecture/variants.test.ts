import { describe, expect, it } from 'vitest'
import { architectureOf } from '../../../src/main/architecture/architecture.ts'
import { buildBlock } from '../../../src/main/architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../../../src/main/architecture/builder/ends.ts'
import { families } from '../../../src/main/architecture/families.ts'
import { goldenModel, goldenSpec } from './golden-models.ts'
import { processorTime } from '../../time-taken.ts'

type Change = Parameters<typeof goldenSpec>
type Case = [what: string, change: Change, spec: object]

const positions = (of: object) => ({ blocks: [{ attention: { positions: of } }] })
const older = { rope_parameters: null, rope_theta: 5e5 }
const headNorm = (...names: string[]) => Object.fromEntries(names.map(name => [name, [16]]))
const perHead = (module: string, heads: number) =>
  Array.from({ length: heads }, (_, head) => `${module}.norms.${head}.weight`)
const layers = [0, 1, 2].map(layer => `model.layers.${layer}.self_attn.`)

const cases: Case[] = [
  ['Llama of rope_theta', ['llama', older], positions({ base: 5e5, scaling: { type: 'none' } })],
  [
    'Llama 3.1 of rope_scaling',
    [
      'llama',
      {
        ...older,
        rope_scaling: {
          factor: 8,
          low_freq_factor: 1,
          high_freq_factor: 4,
          original_max_position_embeddings: 8192,
          rope_type: 'llama3'
        }
      }
    ],
    positions({
      base: 5e5,
      scaling: { type: 'llama3', factor: 8, trained: 8192, lowFrequency: 1, highFrequency: 4 }
    })
  ],
  [
    'Llama of rope_scaling by its older type',
    ['llama', { ...older, rope_scaling: { type: 'linear', factor: 2 } }],
    positions({ scaling: { type: 'linear', factor: 2 } })
  ],
  [
    'yarn with its factors of DeepSeek',
    [
      'llama',
      { rope_parameters: { rope_type: 'yarn', factor: 40, mscale: 1, mscale_all_dim: 0.5 } }
    ],
    positions({
      scaling: {
        type: 'yarn',
        trained: 64,
        amplitude: (0.1 * Math.log(40) + 1) / (0.05 * Math.log(40) + 1)
      }
    })
  ],
  [
    'Phi-3 of rope_scaling, whose factor is how far it was stretched',
    [
      'phi3',
      {
        rope_parameters: null,
        max_position_embeddings: 64,
        original_max_position_embeddings: 16,
        rope_scaling: {
          type: 'su',
          short_factor: [1, 1, 1, 1, 1, 1],
          long_factor: [1, 2, 3, 4, 5, 6]
        }
      }
    ],
    positions({
      scaling: {
        type: 'longrope',
        trained: 16,
        amplitude: Math.sqrt(1 + Math.log(4) / Math.log(16))
      }
    })
  ],
  [
    'GPT-NeoX of rotary_pct',
    ['gpt_neox', { rope_parameters: null, rotary_pct: 0.5, rotary_emb_base: 20000 }],
    positions({ dims: 6, base: 20000 })
  ],
  [
    'GPT-NeoX one half after the other',
    ['gpt_neox', { use_parallel_residual: false }],
    { blocks: [{ parallel: false }] }
  ],
  [
    'Gemma 3 of its first release, whose scaling is of the whole layers alone',
    [
      'gemma3',
      {
        rope_parameters: null,
        layer_types: null,
        _sliding_window_pattern: null,
        sliding_window_pattern: 2,
        rope_theta: 1e6,
        rope_local_base_freq: 10000,
        rope_scaling: { rope_type: 'linear', factor: 8 }
      }
    ],
    {
      blocks: [
        { attention: { reach: 4, positions: { base: 10000, scaling: { type: 'none' } } } },
        { attention: { reach: null, positions: { base: 1e6, scaling: { factor: 8 } } } },
        { attention: { reach: 4 } }
      ]
    }
  ],
  [
    'Gemma 3 that also sees images',
    [
      'gemma3',
      {
        model_type: 'gemma3',
        hidden_size: null,
        num_attention_heads: null,
        num_key_value_heads: null,
        text_config: {
          model_type: 'gemma3_text',
          hidden_size: 48,
          head_dim: 8,
          intermediate_size: 80,
          num_hidden_layers: 3,
          sliding_window: 9,
          vocab_size: 96
        }
      },
      {
        with: Object.fromEntries(
          layers.flatMap(layer => ['q_norm', 'k_norm'].map(name => [`${layer}${name}.weight`, [8]]))
        )
      }
    ],
    { nHeads: 8, nKeyValueHeads: 4, dHead: 8, nCtx: 131_072, blocks: [{ attention: { reach: 8 } }] }
  ],
  [
    'Gemma 2 without layer_types',
    ['gemma2', { layer_types: null }],
    { blocks: [4, null, 4].map(reach => ({ attention: { reach } })) }
  ],
  [
    'ModernBERT of its first release',
    [
      'modernbert',
      { rope_parameters: null, layer_types: null, global_rope_theta: 9e4, local_rope_theta: 8e3 }
    ],
    {
      blocks: [
        { attention: { reach: null, positions: { base: 9e4 } } },
        { attention: { reach: 3, positions: { base: 8e3 } } },
        { attention: { reach: 3 } }
      ]
    }
  ],
  [
    'Qwen 2 with windows in its upper layers',
    [
      'qwen2',
      { layer_types: null, use_sliding_window: true, sliding_window: 8, max_window_layers: 2 }
    ],
    { blocks: [null, null, 7].map(reach => ({ attention: { reach } })) }
  ],
  [
    'GPT-Neo without a list of kinds',
    ['gpt_neo', { attention_layers: null, attention_types: null }],
    { blocks: [null, 4].map(reach => ({ attention: { reach, scale: 1 } })) }
  ],
  [
    'GPT-Neo of kinds and how often they are repeated',
    [
      'gpt_neo',
      {
        attention_layers: null,
        attention_types: [
          [['local'], 1],
          [['global'], 1]
        ]
      }
    ],
    { blocks: [4, null].map(reach => ({ attention: { reach } })) }
  ],
  [
    'SmolLM 3, with no positions in every fourth layer',
    [
      'llama',
      { model_type: 'smollm3', no_rope_layer_interval: 2, rope_parameters: { rope_theta: 2e6 } }
    ],
    {
      blocks: [
        { attention: { positions: { base: 2e6 } } },
        { attention: { positions: null } },
        { attention: { positions: { base: 2e6 } } }
      ]
    }
  ],
  [
    'OLMo 3 without layer_types, its scaling in whole layers alone',
    [
      'olmo3',
      {
        layer_types: null,
        sliding_window: 9,
        rope_parameters: null,
        rope_theta: 5e5,
        rope_scaling: { rope_type: 'linear', factor: 8 }
      }
    ],
    {
      blocks: [
        ...[0, 1, 2].map(() => ({
          attention: { reach: 8, positions: { base: 5e5, scaling: { type: 'none' } } }
        })),
        { attention: { reach: null, positions: { base: 5e5, scaling: { factor: 8 } } } }
      ]
    }
  ],
  [
    'OLMo 3 of positions by the kind of layer',
    [
      'olmo3',
      {
        rope_parameters: {
          sliding_attention: { rope_type: 'default', rope_theta: 1e4 },
          full_attention: { rope_type: 'linear', rope_theta: 5e5, factor: 2 }
        }
      }
    ],
    {
      blocks: [
        { attention: { positions: { base: 1e4, scaling: { type: 'none' } } } },
        {},
        {},
        { attention: { positions: { base: 5e5, scaling: { type: 'linear', factor: 2 } } } }
      ]
    }
  ],
  [
    'Cohere 2 of sliding_window_pattern',
    ['cohere2', { layer_types: null, sliding_window_pattern: 2, logit_scale: null }],
    {
      unembedding: { scale: 0.0625 },
      blocks: [
        { attention: { reach: 4, positions: { pairs: 'adjacent' } } },
        { attention: { reach: null, positions: null } },
        { attention: { reach: 4, positions: { pairs: 'adjacent' } } },
        { attention: { reach: null, positions: null } }
      ]
    }
  ],
  [
    'StarCoder2 without biases and without a window',
    ['starcoder2', { use_bias: false, sliding_window: null }, { without: /(proj|c_fc)\.bias$/ }],
    {
      finalNorm: { shift: 'model.norm.bias' },
      blocks: [0, 1, 2].map(() => ({
        attention: {
          reach: null,
          output: { bias: null },
          projections: { query: { bias: null } }
        },
        mlp: { kind: 'plain', input: { bias: null }, output: { bias: null } }
      }))
    }
  ],
  [
    'GPT-BigCode of a key and a value for each query, which are not scaled',
    [
      'gpt_bigcode',
      { multi_query: false, scale_attn_weights: false, num_key_value_heads: null },
      {
        with: Object.fromEntries(
          [0, 1, 2].flatMap(layer => [
            [`transformer.h.${layer}.attn.c_attn.weight`, [144, 48]],
            [`transformer.h.${layer}.attn.c_attn.bias`, [144]]
          ])
        )
      }
    ],
    {
      nKeyValueHeads: 4,
      blocks: [0, 1, 2].map(() => ({
        attention: { scale: 1, projections: { layout: 'interleaved' } }
      }))
    }
  ],
  [
    'Mistral that does not say its window',
    ['mistral', { sliding_window: undefined }],
    { blocks: [0, 1, 2].map(() => ({ attention: { reach: 4095 } })) }
  ],
  [
    'Mistral that says it has none',
    ['mistral', { sliding_window: null }],
    { blocks: [0, 1, 2].map(() => ({ attention: { reach: null } })) }
  ],
  [
    'Gemma 2 that does not say its soft caps',
    ['gemma2', { attn_logit_softcapping: undefined, final_logit_softcapping: undefined }],
    { unembedding: { softCap: 30 }, blocks: [0, 1].map(() => ({ attention: { softCap: 50 } })) }
  ],
  [
    'Gemma 2 that says it has none',
    ['gemma2', { attn_logit_softcapping: null, final_logit_softcapping: null }],
    { unembedding: { softCap: null }, blocks: [0, 1].map(() => ({ attention: { softCap: null } })) }
  ],
  [
    'Phi-3 that does not say its epsilon',
    ['phi3', { rms_norm_eps: undefined }],
    { finalNorm: { epsilon: 1e-5 } }
  ],
  [
    'ELECTRA that does not say its heads',
    ['electra', { num_attention_heads: undefined }],
    { nHeads: 4 }
  ],
  [
    'Granite that says none of its factors',
    [
      'granite',
      {
        attention_multiplier: null,
        embedding_multiplier: null,
        logits_scaling: null,
        residual_multiplier: null
      }
    ],
    {
      embedding: { scale: 1 },
      unembedding: { scale: 1 },
      blocks: [0, 1, 2].map(() => ({ residualScale: 1, attention: { scale: 1 } }))
    }
  ],
  [
    'Granite of labels, which are not scaled',
    [
      'granite',
      { architectures: ['GraniteForSequenceClassification'] },
      { without: /^lm_head/, with: { 'score.weight': [2, 48] } }
    ],
    { embedding: { scale: 6 }, unembedding: { from: 'last', scale: 1 } }
  ],
  [
    'MPT without attn_config, widened as config.json says',
    [
      'mpt',
      { attn_config: null, expansion_ratio: 2 },
      {
        with: Object.fromEntries(
          [0, 1].flatMap(layer => [
            [`transformer.blocks.${layer}.ffn.up_proj.weight`, [96, 48]],
            [`transformer.blocks.${layer}.ffn.down_proj.weight`, [48, 96]]
          ])
        )
      }
    ],
    {
      dMlp: 96,
      blocks: [0, 1].map(() => ({
        attention: { clip: null, scale: null, positions: { kind: 'alibi' } }
      }))
    }
  ],
  [
    'MPT that clips, scales otherwise and has biases',
    [
      'mpt',
      { no_bias: false, attn_config: { clip_qkv: 6, softmax_scale: 0.1 } },
      {
        with: Object.fromEntries([
          ...[0, 1].flatMap(layer =>
            Object.entries({
              'norm_1.bias': [48],
              'norm_2.bias': [48],
              'attn.Wqkv.bias': [144],
              'attn.out_proj.bias': [48],
              'ffn.up_proj.bias': [192],
              'ffn.down_proj.bias': [48]
            }).map(([name, shape]) => [`transformer.blocks.${layer}.${name}`, shape] as const)
          ),
          ['transformer.norm_f.bias', [48]] as const
        ])
      }
    ],
    {
      finalNorm: { shift: 'transformer.norm_f.bias' },
      blocks: [0, 1].map(layer => ({
        norms: { mlpIn: { shift: `transformer.blocks.${layer}.norm_2.bias` } },
        attention: {
          clip: 6,
          scale: 0.1,
          projections: { linear: { bias: `transformer.blocks.${layer}.attn.Wqkv.bias` } },
          output: { bias: `transformer.blocks.${layer}.attn.out_proj.bias` }
        },
        mlp: { input: { bias: `transformer.blocks.${layer}.ffn.up_proj.bias` } }
      }))
    }
  ],
  [
    'MPT as transformers saves it with no_bias false: without biases',
    ['mpt', { no_bias: false }],
    { finalNorm: { shift: null } }
  ],
  [
    'CodeGen2 of 1B, which eight devices held',
    ['codegen', { n_head: 8, head_dim: 256 }],
    { blocks: [0, 1].map(() => ({ attention: { projections: { partitions: 8 } } })) }
  ],
  [
    'CodeGen of a width of its own inside the MLP',
    [
      'codegen',
      { n_inner: 96, rotary_dim: 16 },
      {
        with: Object.fromEntries(
          [0, 1].flatMap(layer => [
            [`transformer.h.${layer}.mlp.fc_in.weight`, [96, 64]],
            [`transformer.h.${layer}.mlp.fc_in.bias`, [96]],
            [`transformer.h.${layer}.mlp.fc_out.weight`, [64, 96]]
          ])
        )
      }
    ],
    { dMlp: 96, blocks: [0, 1].map(() => ({ attention: { positions: { dims: 16 } } })) }
  ],
  [
    'Phi with norms of queries and keys',
    [
      'phi',
      { qk_layernorm: true },
      {
        with: headNorm(
          ...layers
            .slice(0, 2)
            .flatMap(layer =>
              ['q_layernorm', 'k_layernorm'].flatMap(name => [
                `${layer}${name}.weight`,
                `${layer}${name}.bias`
              ])
            )
        )
      }
    ],
    { blocks: [{ attention: { queryKeyNorm: { over: 'head', query: { kind: 'layer' } } } }, {}] }
  ],
  [
    'StableLM 2 12B: parallel, a norm for each head',
    [
      'stablelm',
      { use_parallel_residual: true, qk_layernorm: true },
      {
        with: headNorm(
          ...layers.flatMap(layer => [
            ...perHead(`${layer}q_layernorm`, 4),
            ...perHead(`${layer}k_layernorm`, 2)
          ])
        ),
        without: /post_attention_layernorm/
      }
    ],
    {
      blocks: [
        {
          parallel: true,
          attention: {
            queryKeyNorm: {
              key: { scale: perHead('model.layers.0.self_attn.k_layernorm', 2) }
            }
          }
        },
        {},
        {}
      ]
    }
  ],
  [
    'OPT 350M: norms after each half, a narrower embedding',
    [
      'opt',
      { do_layer_norm_before: false, word_embed_proj_dim: 32 },
      {
        without: /decoder\.final_layer_norm|embed_tokens/,
        with: {
          'model.decoder.embed_tokens.weight': [96, 32],
          'model.decoder.project_in.weight': [48, 32],
          'model.decoder.project_out.weight': [32, 48]
        }
      }
    ],
    {
      finalNorm: null,
      embedding: { width: 32, projection: { of: 'tokens' } },
      unembedding: { transform: { width: 32, activation: 'linear' } }
    }
  ],
  [
    'Falcon RW of several heads of keys, one half after the other',
    [
      'falcon-alibi',
      { multi_query: false, parallel_attn: false },
      {
        with: Object.fromEntries(
          [0, 1].flatMap(layer => [
            [`transformer.h.${layer}.self_attention.query_key_value.weight`, [192, 64]],
            [`transformer.h.${layer}.self_attention.query_key_value.bias`, [192]],
            [`transformer.h.${layer}.post_attention_layernorm.weight`, [64]],
            [`transformer.h.${layer}.post_attention_layernorm.bias`, [64]]
          ])
        )
      }
    ],
    { nKeyValueHeads: 4, blocks: [{ parallel: false }, {}] }
  ],
  [
    'DistilBERT with no head',
    ['distilbert', { architectures: [] }, { without: /^vocab_/ }],
    {
      unembedding: null
    }
  ],
  [
    'BERT of labels',
    [
      'bert',
      {
        architectures: ['BertForSequenceClassification'],
        id2label: { 1: 'yes', 0: 'no', 2: 'maybe' }
      },
      {
        without: /^cls/,
        with: {
          'bert.pooler.dense.weight': [48, 48],
          'bert.pooler.dense.bias': [48],
          'classifier.weight': [3, 48],
          'classifier.bias': [3]
        }
      }
    ],
    { unembedding: { from: 'first', labels: ['no', 'yes', 'maybe'] } }
  ],
  [
    'RoBERTa of labels of tokens, not named',
    [
      'roberta',
      { architectures: ['RobertaForTokenClassification'] },
      { without: /^lm_head/, with: { 'classifier.weight': [2, 48], 'classifier.bias': [2] } }
    ],
    { unembedding: { from: 'every', transform: null, labels: ['LABEL_0', 'LABEL_1'] } }
  ],
  [
    'ELECTRA as a judge',
    [
      'electra',
      { architectures: ['ElectraForPreTraining'] },
      {
        without: /^generator/,
        with: {
          'discriminator_predictions.dense.weight': [48, 48],
          'discriminator_predictions.dense.bias': [48],
          'discriminator_predictions.dense_prediction.weight': [1, 48],
          'discriminator_predictions.dense_prediction.bias': [1]
        }
      }
    ],
    { unembedding: { labels: ['replaced'], transform: { activation: 'gelu' } } }
  ],
  [
    'ALBERT of two groups of two',
    [
      'albert',
      { num_hidden_layers: 2, num_hidden_groups: 2, inner_group_num: 1 },
      {
        with: Object.fromEntries(
          (
            [
              ['attention.LayerNorm.weight', [48]],
              ['attention.LayerNorm.bias', [48]],
              ['full_layer_layer_norm.weight', [48]],
              ['full_layer_layer_norm.bias', [48]],
              ['attention.query.weight', [48, 48]],
              ['attention.query.bias', [48]],
              ['attention.key.weight', [48, 48]],
              ['attention.key.bias', [48]],
              ['attention.value.weight', [48, 48]],
              ['attention.value.bias', [48]],
              ['attention.dense.weight', [48, 48]],
              ['attention.dense.bias', [48]],
              ['ffn.weight', [96, 48]],
              ['ffn.bias', [96]],
              ['ffn_output.weight', [48, 96]],
              ['ffn_output.bias', [48]]
            ] as const
          ).map(([name, shape]) => [
            `albert.encoder.albert_layer_groups.1.albert_layers.0.${name}`,
            [...shape]
          ])
        )
      }
    ],
    {
      blocks: [0, 1].map(group => ({
        mlp: {
          input: {
            weight: `albert.encoder.albert_layer_groups.${group}.albert_layers.0.ffn.weight`
          }
        }
      }))
    }
  ],
  [
    'a base model of Llama, saved without its head',
    ['llama', { architectures: ['LlamaModel'] }, { without: /^lm_head/ }],
    { unembedding: null }
  ]
]

describe('a variant', () => {
  it.each(cases)('%s', async (_, change, expected) => {
    const { spec, tensors } = await goldenSpec(...change)
    const { blocks, ...rest } = expected as { blocks?: object[] }
    expect(spec).toMatchObject(rest)
    blocks?.forEach((block, layer) => expect(spec.blocks[layer]).toMatchObject(block))
    spec.blocks.forEach((_, layer) => buildBlock(spec, layer, tensors))
    buildEmbedding(spec, tensors)
    buildUnembedding(spec, tensors)
  })

  it.each([
    [
      'albert',
      { num_hidden_layers: 2048, inner_group_num: 4096 },
      /^config\.json: inner_group_num must be a whole number from 1 to 2, got 4096$/
    ],
    [
      'stablelm',
      { qk_layernorm: true, hidden_size: 2 ** 24, num_attention_heads: 2 ** 22 },
      /missing, expected|expected \[/
    ]
  ])('of %s with absurd numbers is refused at once', async (name, changes, message) => {
    const { config, tensors } = await goldenModel(name, changes)
    const taken = await processorTime(() =>
      expect(() => architectureOf(config, tensors)).toThrow(message)
    )
    expect(taken).toBeLessThan(2000)
  })

  it('of a rope_type that is not known cannot run', async () => {
    await expect(
      goldenSpec('llama', { rope_parameters: { rope_type: 'spiral' } })
    ).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^config\.json: rope_type "spiral" is not one of/) as string
    })
  })

  it.each([
    ['gemma3', { use_bidirectional_attention: true }, 'use_bidirectional_attention is true'],
    ['mpt', { attn_config: { alibi: false } }, 'attn_config.alibi is false'],
    ['mpt', { attn_config: { alibi_bias_max: 16 } }, 'attn_config.alibi_bias_max is 16'],
    ['mpt', { attn_config: { qk_ln: true } }, 'attn_config.qk_ln is true'],
    ['mpt', { attn_config: { prefix_lm: true } }, 'attn_config.prefix_lm is true'],
    [
      'mpt',
      { attn_config: { attn_type: 'multiquery_attention' } },
      'attn_config.attn_type is "multiquery_attention"'
    ],
    ['mpt', { norm_type: 'rmsnorm' }, 'norm_type is "rmsnorm"'],
    ['mpt', { logit_scale: 'inv_sqrt_d_model' }, 'logit_scale is "inv_sqrt_d_model"'],
    ['mpt', { ffn_config: { ffn_type: 'mptglu' } }, 'ffn_config is {"ffn_type":"mptglu"}']
  ])('of %s that says %j is not what runs, in words', async (name, changes, message) => {
    await expect(goldenSpec(name, changes)).rejects.toMatchObject({
      code: 'unsupported',
      message: `config.json: ${message}, which cannot be computed`,
      hint: 'Its weights can be looked at.'
    })
  })

  it.each([
    ['gpt2', { n_embd: 48, n_head: 4, n_layer: 3, n_positions: 64 }],
    ['gpt_bigcode', { n_embd: 48, n_head: 4, n_layer: 3, n_positions: 64 }],
    ['gptj', { n_embd: 64, n_head: 4, n_layer: 2, n_positions: 64 }],
    ['codegen', { n_embd: 64, n_head: 4, n_layer: 2, n_positions: 64 }],
    ['gpt_neo', { num_heads: 4, num_layers: 2 }],
    ['bloom', { hidden_size: 48, n_head: 4, n_layer: 2 }],
    ['mpt', { d_model: 48, n_heads: 4, n_layers: 2 }],
    ['distilbert', { dim: 48, n_heads: 4, n_layers: 3 }]
  ])('of %s under the other names that transformers takes is the same', async (name, own) => {
    const { aliases = {} } = families.find(({ modelTypes }) => modelTypes.includes(name))!
    expect(Object.keys(aliases).toSorted()).toEqual(Object.keys(own).toSorted())
    const nothing = Object.fromEntries(Object.keys(own).map(field => [field, null]))
    const others = Object.entries(own).map(([field, value]) => [aliases[field]!, value])
    const renamed = { ...nothing, ...Object.fromEntries(others) } as object
    const { spec } = await goldenSpec(name)
    expect((await goldenSpec(name, renamed as Record<string, unknown>)).spec).toEqual(spec)
    for (const [field, value] of Object.entries(own))
      await expect(goldenSpec(name, { [aliases[field]!]: value + 1 })).rejects.toMatchObject({
        code: 'file-invalid',
        message: `config.json: ${field} and ${aliases[field]} must be the same, got ${value} and ${value + 1}`
      })
  })

  it('of CamemBERT is RoBERTa', async () => {
    const { spec } = await goldenSpec('roberta', { model_type: 'camembert' })
    expect(spec).toEqual((await goldenSpec('roberta')).spec)
  })

  it('of a scaling that lacks its factor names the field', async () => {
    await expect(goldenSpec('llama', { rope_parameters: { rope_type: 'linear' } })).rejects.toThrow(
      'config.json: rope_parameters.factor must be a number above 0, got nothing'
    )
  })

  it.each([
    [
      'gpt2',
      { layer_norm_epsilon: -1 },
      'layer_norm_epsilon must be a number of 0 or more, got -1'
    ],
    [
      'llama',
      { rms_norm_eps: Infinity },
      'rms_norm_eps must be a number of 0 or more, got one too'
    ],
    [
      'bert',
      { layer_norm_eps: -1e-5 },
      'layer_norm_eps must be a number of 0 or more, got -0.00001'
    ],
    ['modernbert', { norm_eps: -1 }, 'norm_eps must be a number of 0 or more, got -1'],
    ['gemma2', { final_logit_softcapping: 0 }, 'final_logit_softcapping must be a number above 0'],
    ['gemma2', { query_pre_attn_scalar: -4 }, 'query_pre_attn_scalar must be a number above 0'],
    [
      'roberta',
      { pad_token_id: -2 },
      'pad_token_id must be a whole number from 0 to 16777216, got -2'
    ],
    [
      'llama',
      { rope_parameters: { rope_theta: 0 } },
      'rope_parameters.rope_theta must be a number above 0'
    ],
    [
      'gpt_neox',
      { rope_parameters: null, rotary_pct: 1.5 },
      'rotary_pct must be a number above 0 and up to 1, got 1.5'
    ],
    [
      'llama',
      { rope_parameters: { rope_type: 'linear', factor: -2 } },
      'rope_parameters.factor must be a number above 0, got -2'
    ],
    [
      'phi3-longrope',
      { rope_parameters: { rope_type: 'longrope', factor: 2, short_factor: [0, Infinity] } },
      'rope_parameters.short_factor must be a list of numbers above 0, got [0,"Infinity"]'
    ],
    [
      'olmo3',
      { rope_parameters: { rope_type: 'default' } },
      'rope_parameters.rope_theta must be a number above 0, got nothing'
    ],
    [
      'gpt_bigcode',
      { num_key_value_heads: 4 },
      'num_key_value_heads must be 1, as multi_query says, got 4'
    ],
    ['codegen', { n_head: 2 }, 'n_head must be a multiple of 4, got 2'],
    ['mpt', { attn_config: 'torch' }, 'attn_config must be an object, got "torch"'],
    ['granite', { logits_scaling: 0 }, 'logits_scaling must be a number above 0, got 0'],
    [
      'cohere2',
      { layer_types: ['full_attention', 'chunked_attention'] },
      'layer_types must be full_attention or sliding_attention for each block, and of block 1 it is chunked_attention'
    ],
    [
      'olmo3',
      { layer_types: ['full_attention'] },
      'layer_types must be full_attention or sliding_attention for each block, and of block 1 it is missing'
    ],
    [
      'gpt_neo',
      { attention_layers: ['global', 'linear'] },
      'attention_layers must be global or local for each block, and of block 1 it is linear'
    ],
    [
      'gpt_neo',
      { attention_layers: null, attention_types: ['global', 'local'] },
      'attention_types must be a list of lists of texts, each with how often it is repeated, got ["global","local"]'
    ],
    ['llama', { num_key_value_heads: 3 }, '4 heads cannot share 3 key/value heads evenly']
  ])(
    'of %s that says %j is refused by the name that its file has',
    async (name, changes, message) => {
      await expect(goldenSpec(name, changes)).rejects.toMatchObject({
        code: 'file-invalid',
        message: expect.stringContaining(`config.json: ${message}`) as string
      })
    }
  )
})
