import { describe, expect, it } from 'vitest'
import { specOf } from '#common/model/describe-file.ts'
import type { Reading } from '#common/model/describe-reading.ts'
import { inferDescription } from '../../../../src/main/architecture/describe/infer.ts'
import { processorTime } from '../../../time-taken.ts'
import {
  gpt2,
  handWritten,
  hebrew,
  layerNorm,
  lecture,
  linear,
  llama,
  metaLlama,
  nanoGpt,
  repeated,
  tensorTable,
  torchEncoder,
  transformerLens
} from './state-dicts.ts'

const read = (shapes: Parameters<typeof tensorTable>[0], answers = {}) =>
  inferDescription(tensorTable(shapes), { answers })

/** The tensors of one part by what they are, such as `query · matrix`. */
function partOf({ assigned }: Reading, part: string): Record<string, string> {
  const own = assigned.filter(entry => entry.part === part)
  return Object.fromEntries(own.map(({ role, tensor }) => [role, tensor]))
}

const question = ({ questions }: Reading, id: string) => questions.find(asked => asked.id === id)
const spec = ({ description }: Reading) => specOf(description!)

const all = {
  hebrew,
  torchEncoder,
  nanoGpt,
  gpt2,
  llama,
  metaLlama,
  handWritten,
  lecture,
  transformerLens
}

describe.each(Object.entries(all))('%s', (_, shapes) => {
  it('is read whole: every weight has a role of its shape', () => {
    const reading = read(shapes)
    expect(reading.problems).toEqual([])
    expect(reading.unassigned.filter(({ note }) => note === null)).toEqual([])
    expect(reading.assigned.filter(({ shape }) => shape === null)).toEqual([])
  })

  it('makes a spec that every head count and activation offered completes', () => {
    const { questions } = read(shapes)
    for (const { id, options } of questions)
      for (const { value } of options)
        expect([id, value, read(shapes, { [id]: value }).problems]).toEqual([id, value, []])
  })

  it('is read the same whatever prefix its names have', () => {
    const prefixed = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [`module.model.${name}`, shape])
    )
    const plain = read(shapes)
    const { questions, assigned } = read(prefixed)
    expect(questions.map(({ id, value }) => [id, value])).toEqual(
      plain.questions.map(({ id, value }) => [id, value])
    )
    expect(assigned).toEqual(
      plain.assigned.map(entry => ({ ...entry, tensor: `module.model.${entry.tensor}` }))
    )
  })

  it('is read the same whatever the order of its tensors', () => {
    const sorted = Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1)))
    expect(spec(read(sorted))).toEqual(spec(read(shapes)))
  })
})

describe('separate projections with one bias for the three', () => {
  it('tells widths, parts and what cannot be known', () => {
    const reading = read(hebrew)
    expect(spec(reading)).toMatchObject({
      nHeads: 4,
      dModel: 128,
      dHead: 32,
      dMlp: 512,
      dVocab: 31,
      nCtx: 192,
      causal: true
    })
    expect(reading.description!.blocks).toMatchObject({ count: 4 })
    expect(partOf(reading, 'attention')).toEqual({
      'query · matrix': 'encoder_layers.{l}.self_attn.q_proj_weight',
      'key · matrix': 'encoder_layers.{l}.self_attn.k_proj_weight',
      'value · matrix': 'encoder_layers.{l}.self_attn.v_proj_weight',
      'queries, keys, values · bias': 'encoder_layers.{l}.self_attn.in_proj_bias',
      'output · matrix': 'encoder_layers.{l}.self_attn.out_proj.weight',
      'output · bias': 'encoder_layers.{l}.self_attn.out_proj.bias'
    })
    const open = reading.questions.filter(({ basis }) => basis === 'open').map(({ id }) => id)
    expect(open).toEqual(['heads', 'activation', 'causal'])
    expect(question(reading, 'activation')!.value).toBe('relu')
  })

  it('offers every divisor as a number of heads, the likeliest first', () => {
    const { options } = question(read(hebrew), 'heads')!
    expect(options.map(({ value }) => value)).toEqual(['4', '2', '8', '16', '1', '32', '64'])
    expect(options[0]).toEqual({ value: '4', text: '4 heads', note: 'd_head 32' })
    const wide = question(read(nanoGpt), 'heads')!
    expect(wide.options[0]).toMatchObject({ value: '6', note: 'd_head 64' })
  })

  it('follows the answers', () => {
    const answers = {
      heads: '8',
      activation: 'silu',
      causal: 'no',
      normPlace: 'post',
      epsilon: '1e-12',
      embeddingScale: 'root'
    }
    const reading = read(hebrew, answers)
    const { nHeads, dHead, causal, embedding, blocks } = spec(reading)
    expect([nHeads, dHead, causal, embedding.scale]).toEqual([8, 16, false, Math.sqrt(128)])
    expect(blocks[3]).toMatchObject({
      mlp: { activation: 'silu' },
      norms: {
        attentionIn: null,
        afterAttention: { scale: 'encoder_layers.3.norm1.weight', epsilon: 1e-12 },
        afterMlp: { shift: 'encoder_layers.3.norm2.bias' }
      }
    })
    expect(
      reading.questions.every(({ id, answered }) => answered === Object.hasOwn(answers, id))
    ).toBe(true)
  })

  it('keeps to the likeliest where an answer is none', () => {
    const reading = read(hebrew, { heads: '3', activation: 'magic', epsilon: 'small' })
    expect(reading.questions.filter(({ answered }) => answered)).toEqual([])
    expect(spec(reading)).toMatchObject({
      nHeads: 4,
      blocks: [{ mlp: { activation: 'relu' } }, {}, {}, {}]
    })
  })
})

describe('a matrix of queries, keys and values', () => {
  it('is found by its names in PyTorch’s encoder, whose norms follow', () => {
    const { blocks, embedding, finalNorm, nCtx } = spec(read(torchEncoder))
    expect(blocks[1]).toMatchObject({
      norms: {
        attentionIn: null,
        afterAttention: { scale: 'transformer_encoder.layers.1.norm1.weight' },
        afterMlp: { scale: 'transformer_encoder.layers.1.norm2.weight' }
      },
      attention: {
        projections: {
          layout: 'concatenated',
          linear: { bias: 'transformer_encoder.layers.1.self_attn.in_proj_bias', stored: 'out,in' }
        }
      }
    })
    expect(embedding).toMatchObject({
      tokens: 'encoder.weight',
      scale: 8,
      positions: { kind: 'sinusoidal', order: 'alternating' }
    })
    expect([finalNorm, nCtx]).toEqual([null, 5000])
    expect(read(torchEncoder).unassigned).toEqual([
      {
        tensor: 'pos_encoder.pe',
        shape: [5000, 1, 64],
        note: 'a table of positions, computed anew'
      }
    ])
  })

  it.each([
    ['nanoGPT', nanoGpt, '_orig_mod.transformer.h.1', 'out,in'],
    ['GPT-2', gpt2, 'h.1', 'in,out']
  ] as const)('is %s’s way of lying', (_, shapes, place, stored) => {
    const { blocks, causal } = spec(read(shapes))
    expect(causal).toBe(true)
    expect(blocks[1]).toMatchObject({
      norms: { attentionIn: { kind: 'layer' }, mlpIn: { kind: 'layer' } },
      attention: {
        projections: { linear: { weight: `${place}.attn.c_attn.weight`, stored } },
        output: { weight: `${place}.attn.c_proj.weight`, stored }
      },
      mlp: { input: { weight: `${place}.mlp.c_fc.weight`, stored }, output: { stored } }
    })
  })

  it('is assumed head by head where GPT-NeoX’s name is', () => {
    const neox = Object.fromEntries(
      Object.entries(nanoGpt).map(([name, shape]) => [
        name.replace('c_attn', 'query_key_value'),
        shape
      ])
    )
    expect(spec(read(neox)).blocks[0]!.attention.projections.layout).toBe('interleaved')
  })

  it('holds grouped keys and values where it is narrower than three', () => {
    const grouped = {
      'wte.weight': [100, 64],
      ...repeated(2, 'h.', {
        'ln1.weight': [64],
        'attn.qkv.weight': [96, 64],
        'attn.proj.weight': [64, 64],
        'ln2.weight': [64],
        'mlp.w12.weight': [256, 64],
        'mlp.w3.weight': [64, 128]
      }),
      'norm.weight': [64]
    }
    const reading = read(grouped, { heads: '8' })
    expect(reading.problems).toEqual([])
    expect(spec(reading)).toMatchObject({
      nHeads: 8,
      nKeyValueHeads: 2,
      dMlp: 128,
      blocks: [{ mlp: { kind: 'gated-fused' }, norms: { mlpIn: { kind: 'rms' } } }, {}]
    })
  })
})

describe('Llamas', () => {
  it('are gated, rotary and normalised by the root mean square', () => {
    const { blocks, nHeads, nKeyValueHeads, unembedding } = spec(read(llama))
    expect([nHeads, nKeyValueHeads]).toEqual([4, 2])
    expect(unembedding!.output.weight).toBe('lm_head.weight')
    expect(blocks[2]).toMatchObject({
      norms: {
        attentionIn: { kind: 'rms', scale: 'model.layers.2.input_layernorm.weight' },
        mlpIn: { scale: 'model.layers.2.post_attention_layernorm.weight' }
      },
      attention: { positions: { kind: 'rotary', pairs: 'halves', dims: 32 } },
      mlp: {
        kind: 'gated',
        gate: { weight: 'model.layers.2.mlp.gate_proj.weight' },
        input: { weight: 'model.layers.2.mlp.up_proj.weight' },
        activation: 'silu'
      }
    })
  })

  it('turn neighbours under Meta’s names, where w1 is the gate', () => {
    const { blocks } = spec(read(metaLlama))
    expect(blocks[0]).toMatchObject({
      attention: { positions: { pairs: 'adjacent' } },
      mlp: {
        gate: { weight: 'layers.0.feed_forward.w1.weight' },
        input: { weight: 'layers.0.feed_forward.w3.weight' },
        output: { weight: 'layers.0.feed_forward.w2.weight' }
      }
    })
  })

  it('have the head width their query norms tell', () => {
    const normed = {
      ...llama,
      ...repeated(3, 'model.layers.', {
        'self_attn.q_norm.weight': [16],
        'self_attn.k_norm.weight': [16]
      })
    }
    const reading = read(normed)
    expect(question(reading, 'heads')).toBeUndefined()
    expect(spec(reading)).toMatchObject({
      nHeads: 8,
      nKeyValueHeads: 4,
      blocks: [{ attention: { queryKeyNorm: { over: 'head' } } }, {}, {}]
    })
  })
})

describe('heads that lie apart', () => {
  it('are counted where each has a matrix of its own', () => {
    const reading = read(lecture)
    expect(question(reading, 'heads')).toBeUndefined()
    expect(spec(reading)).toMatchObject({
      nHeads: 4,
      dHead: 16,
      blocks: [{ attention: { projections: { layout: 'by-head' } } }, {}]
    })
    // A triangular mask lies beside the weights of models that see both ways, too.
    expect(question(reading, 'causal')).toMatchObject({ value: 'yes', basis: 'open' })
  })

  it('are counted where they have an axis of their own', () => {
    const reading = read(transformerLens)
    expect(question(reading, 'heads')).toBeUndefined()
    expect(spec(reading)).toMatchObject({
      nHeads: 4,
      dHead: 8,
      blocks: [
        {
          attention: {
            projections: { query: { stored: 'head,in,d_head', bias: 'blocks.0.attn.b_Q' } },
            output: { stored: 'head,d_head,out' }
          },
          mlp: {
            input: { weight: 'blocks.0.mlp.W_in', bias: 'blocks.0.mlp.b_in', stored: 'in,out' }
          }
        },
        {}
      ],
      unembedding: { output: { stored: 'in,out', bias: 'unembed.b_U' } }
    })
  })
})

describe('what the models of research leave out', () => {
  const block = { ...linear('attn.qkv', 8, 24), ...linear('attn.out', 8, 8) }
  const ends = { 'emb.weight': [9, 8], 'pos_emb.weight': [5, 8], 'head.weight': [9, 8] }

  it('is an MLP', () => {
    const reading = read({ ...ends, ...repeated(2, 'layers.', block) })
    expect(reading.problems).toEqual([])
    expect(spec(reading)).toMatchObject({ dMlp: 0, blocks: [{ mlp: null }, { mlp: null }] })
    expect(question(reading, 'activation')).toBeUndefined()
  })

  it('is the weights of norms, which are asked for', () => {
    const tensors = { ...ends, ...repeated(2, 'layers.', block) }
    expect(question(read(tensors), 'weightless')!.value).toBe('none')
    const { blocks, finalNorm } = spec(read(tensors, { weightless: 'layer' }))
    expect(blocks[0]!.norms.attentionIn).toMatchObject({ kind: 'layer', scale: null })
    expect(finalNorm).toMatchObject({ kind: 'layer', scale: null, epsilon: 1e-5 })
  })

  it('is an output matrix', () => {
    const separate = Object.fromEntries(
      ['q', 'k', 'v'].map(name => [`attn.${name}_proj.weight`, [8, 8]] as const)
    )
    const mlp = { 'mlp.up.weight': [32, 8], 'mlp.down.weight': [8, 32] }
    for (const within of [
      separate,
      { ...separate, ...mlp },
      { 'attn.qkv.weight': [24, 8], ...mlp }
    ]) {
      const reading = read({ ...ends, ...repeated(2, 'layers.', within) })
      expect(reading.problems).toEqual([])
      expect(spec(reading).blocks[1]!.attention.output).toBeNull()
    }
  })

  it('is what settles square matrices, but for their names', () => {
    const named = {
      ...ends,
      ...repeated(2, 'blocks.', {
        'attn.W_Q': [8, 8],
        'attn.W_K': [8, 8],
        'attn.W_V': [8, 8],
        'attn.W_O': [8, 8],
        'mlp.W_in': [8, 8],
        'mlp.W_out': [8, 8]
      })
    }
    const reading = read(named)
    expect(question(reading, 'stored')).toBeUndefined()
    expect(spec(reading).blocks[0]).toMatchObject({
      attention: { projections: { query: { stored: 'in,out' } }, output: { stored: 'in,out' } },
      mlp: {
        input: { weight: 'blocks.0.mlp.W_in', stored: 'in,out' },
        output: { weight: 'blocks.0.mlp.W_out', stored: 'in,out' }
      }
    })
  })

  it('is the usual order of axes', () => {
    const reading = read({
      'embed.W_E': [12, 30],
      'pos_embed.W_pos': [6, 12],
      ...repeated(2, 'blocks.', {
        'attn.W_Q': [2, 5, 12],
        'attn.W_K': [2, 5, 12],
        'attn.W_V': [2, 5, 12],
        'attn.W_O': [12, 10],
        'mlp.W_in': [48, 12],
        'mlp.b_in': [48],
        'mlp.W_out': [12, 48],
        'mlp.b_out': [12]
      }),
      'unembed.W_U': [12, 29]
    })
    expect(reading.problems).toEqual([])
    const { nHeads, dHead, dVocab, embedding, blocks, unembedding } = spec(reading)
    expect([nHeads, dHead, dVocab, embedding.stored]).toEqual([2, 5, 30, 'width,token'])
    expect(blocks[0]!.attention).toMatchObject({
      projections: { query: { stored: 'head,d_head,in' } },
      output: { stored: 'out,in' }
    })
    expect(unembedding!.labels).toHaveLength(29)
  })

  it('is what scores are divided by, and what positions are added to', () => {
    const tensors = { ...ends, ...repeated(2, 'layers.', block) }
    const { blocks, embedding } = spec(
      read(tensors, { scale: 'd_model', positionsAt: 'shortformer' })
    )
    expect(blocks[0]!.attention).toMatchObject({
      scale: 8 ** -0.5,
      positions: { kind: 'shortformer', table: 'pos_emb.weight' }
    })
    expect(embedding.positions).toBeNull()
  })
})

describe('the head of BERT', () => {
  const bert = {
    'bert.embeddings.word_embeddings.weight': [60, 32],
    'bert.embeddings.position_embeddings.weight': [16, 32],
    'bert.embeddings.token_type_embeddings.weight': [2, 32],
    ...layerNorm('bert.embeddings.LayerNorm', 32),
    ...repeated(2, 'bert.encoder.layer.', {
      ...linear('attention.self.query', 32, 32),
      ...linear('attention.self.key', 32, 32),
      ...linear('attention.self.value', 32, 32),
      ...linear('attention.output.dense', 32, 32),
      ...layerNorm('attention.output.LayerNorm', 32),
      ...linear('intermediate.dense', 32, 64),
      ...linear('output.dense', 64, 32),
      ...layerNorm('output.LayerNorm', 32)
    }),
    'cls.predictions.bias': [60],
    ...linear('cls.predictions.transform.dense', 32, 32),
    ...layerNorm('cls.predictions.transform.LayerNorm', 32)
  }

  it('has a norm that is no final one', () => {
    const reading = read(bert)
    expect(reading.problems).toEqual([])
    const { finalNorm, unembedding, blocks } = spec(reading)
    expect(finalNorm).toBeNull()
    expect(blocks[0]!.norms).toMatchObject({
      attentionIn: null,
      afterAttention: { scale: 'bert.encoder.layer.0.attention.output.LayerNorm.weight' }
    })
    expect(unembedding).toMatchObject({
      output: { weight: 'bert.embeddings.word_embeddings.weight', bias: 'cls.predictions.bias' },
      transform: {
        linear: { weight: 'cls.predictions.transform.dense.weight' },
        activation: 'gelu',
        norm: { scale: 'cls.predictions.transform.LayerNorm.weight' }
      }
    })
  })
})

describe('what the file says', () => {
  const readWith = (fields: Record<string, unknown>, answers = {}) =>
    inferDescription(tensorTable(hebrew), { fields, answers })

  it.each([
    { n_head: 8, activation: 'SiLU', causal: false, layer_norm_eps: 1e-6, norm_first: false },
    {
      model: { num_heads: 8, act_fn: 'nn.SiLU()', bidirectional: true, eps: 1e-6, pre_norm: false }
    },
    {
      head_dim: 16,
      hidden_act: 'swish',
      attention_dir: 'bidirectional',
      norm_eps: 1e-6,
      post_norm: true
    }
  ])('is not asked: %o', fields => {
    const reading = readWith(fields)
    const asked = reading.questions.map(({ id }) => id)
    for (const id of ['heads', 'activation', 'causal', 'epsilon', 'normPlace'])
      expect(asked).not.toContain(id)
    expect(reading.stated.map(({ label, text }) => [label, text])).toEqual([
      ['Heads', '8 heads'],
      ['Norm epsilon', '1e-6'],
      ['Norm place', 'After each sum'],
      ['Activation', 'SiLU'],
      ['Causal', 'No']
    ])
    expect(spec(reading)).toMatchObject({
      nHeads: 8,
      causal: false,
      blocks: [{ mlp: { activation: 'silu' }, norms: { afterMlp: { epsilon: 1e-6 } } }, {}, {}, {}]
    })
  })

  it('is asked where it cannot be, and says so', () => {
    const reading = readWith({ n_head: 5 })
    expect(question(reading, 'heads')!.help).toMatch(/^The file says 5 \(n_head\), which does not/)
    expect(reading.stated).toEqual([])
  })

  it('is asked where the user says otherwise', () => {
    const reading = readWith({ n_head: 8 }, { heads: '2' })
    expect(question(reading, 'heads')).toMatchObject({ value: '2', answered: true })
    expect(spec(reading).nHeads).toBe(2)
  })
})

describe('what does not fit', () => {
  it('reads blocks one by one where one lacks a tensor', () => {
    const lost = 'encoder_layers.2.linear1.bias'
    const reading = read(
      Object.fromEntries(Object.entries(hebrew).filter(([name]) => name !== lost))
    )
    expect(reading.problems).toEqual([])
    expect(Array.isArray(reading.description!.blocks)).toBe(true)
    expect(spec(reading).blocks.map(({ mlp }) => mlp?.kind === 'plain' && mlp.input.bias)).toEqual([
      'encoder_layers.0.linear1.bias',
      'encoder_layers.1.linear1.bias',
      null,
      'encoder_layers.3.linear1.bias'
    ])
  })

  it('names a tensor of another shape than the description needs', () => {
    const { problems } = read({ ...hebrew, 'norm.bias': [64] })
    expect(problems).toEqual(['norm.bias has the shape [64]: expected [128]'])
  })

  it.each([
    ['no tensors', {}, /^No blocks were found/],
    ['one matrix', { 'fc.weight': [3, 3] }, /^No blocks were found/],
    [
      'blocks without attention',
      { ...repeated(2, 'layers.', linear('fc', 8, 8)), 'emb.weight': [9, 8] },
      'layers.{l}: no queries, keys and values of attention were found'
    ],
    [
      'blocks of an MLP of one matrix',
      {
        'emb.weight': [9, 8],
        ...repeated(2, 'layers.', {
          ...linear('attn.qkv', 8, 24),
          ...linear('attn.out', 8, 8),
          ...linear('mlp.fc', 8, 16)
        })
      },
      'layers.{l}: no MLP of two matrices was found'
    ],
    [
      'no embedding',
      Object.fromEntries(Object.entries(hebrew).filter(([name]) => /layers/.test(name))),
      'No token embedding was found: no table outside the blocks is 128 wide'
    ]
  ])('says so of %s', (_, shapes, message) => {
    const { description, problems } = read(shapes)
    expect(description).toBeNull()
    expect(problems[0]).toMatch(message)
  })

  it.each([
    ['digits', (long: number) => `${'1'.repeat(long)}-`],
    ['numbers', (long: number) => '0.'.repeat(long / 2)],
    ['heads', (long: number) => `layers.0.multihead${'1'.repeat(long)}-`]
  ])('takes no longer where a name is long: of %s', async (_, name) => {
    const shapes = (long: number) => ({
      ...hebrew,
      ...repeated(2, 'blocks.', linear(name(long), 2, 2))
    })
    await processorTime(() => read(shapes(1_000)))
    expect(await processorTime(() => read(shapes(100_000)))).toBeLessThan(3_000)
  })

  it('lists what it has no role for, once for all blocks', () => {
    const extra = {
      ...hebrew,
      ...repeated(4, 'encoder_layers.', layerNorm('extra', 7)),
      spare: [2]
    }
    expect(read(extra).unassigned).toEqual([
      { tensor: 'encoder_layers.{l}.extra.weight', shape: [7], note: null },
      { tensor: 'encoder_layers.{l}.extra.bias', shape: [7], note: null },
      { tensor: 'spare', shape: [2], note: null }
    ])
  })
})
