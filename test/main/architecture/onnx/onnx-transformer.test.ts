import { fromBinary } from '@bufbuild/protobuf'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  readOnnxTransformer,
  type OnnxTransformer
} from '../../../../src/main/architecture/onnx/onnx-transformer.ts'
import { ModelProtoSchema } from '../../../../src/main/onnx/onnx_pb.js'
import { deepGraph, field } from '../../../bad/onnx.ts'
import {
  fusedAttention,
  inBranches,
  modelBytes,
  node,
  smallGraph,
  value,
  weight,
  type NodeInit
} from './graphs.ts'
import { processorTime } from '../../../time-taken.ts'

const golden = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../golden/onnx-${name}/model.onnx`, import.meta.url)))

function read(model: Uint8Array, config: Record<string, unknown> = {}): OnnxTransformer {
  return readOnnxTransformer(new Uint8Array(model), config, 'model.onnx')
}

const asExported =
  'The graph runs as it was exported: none of its values can be edited, and no gradient can be taken.'
const usual =
  'Queries, keys, values, head outputs and what the MLPs compute are not exposed by an ONNX graph.'
const block = (layer: number) =>
  [
    'hook_resid_pre',
    'attn.hook_attn_scores',
    'attn.hook_pattern',
    'hook_resid_mid',
    'hook_resid_post'
  ].map(hook => `blocks.${layer}.${hook}`)

describe('stock exports, without their config.json', () => {
  const widths = { nLayers: 3, nHeads: 4, dModel: 48, dHead: 12, dVocab: 96 }
  it.each([
    [
      'gpt2',
      { ...widths, dMlp: 192, nCtx: 64 },
      'next',
      ['ln_final.hook_normalized', 'logits'],
      []
    ],
    [
      'llama',
      { ...widths, dMlp: 80, nCtx: 4096 },
      'next',
      ['ln_final.hook_normalized', 'logits'],
      ['Nothing states how many tokens the model takes; up to 4096 are accepted.']
    ],
    [
      'bert',
      { ...widths, dMlp: 96, nCtx: 64 },
      'masked',
      ['logits'],
      ['No final norm was found after the last layer.']
    ]
  ])('finds every block of %s', (name, expected, predicts, headHooks, limits) => {
    const found = read(golden(name))
    expect(found.widths).toMatchObject(expected)
    expect(found.bodyHooks).toEqual(['hook_embed', ...block(0), ...block(1), ...block(2)])
    expect(found.headHooks).toEqual(headHooks)
    expect(found.predicts).toBe(predicts)
    expect(found.limits).toEqual([...limits, usual, asExported])
  })

  it('believes the graph where config.json says other heads, and says so', () => {
    const config = { n_head: 2, head_dim: 24 }
    const { widths, limits } = read(golden('gpt2'), config)
    expect(widths).toMatchObject({ nHeads: 4, nKeyValueHeads: 4, dHead: 12 })
    expect(limits.join()).toContain('config.json states 2 heads, the graph computes with 4')
  })

  it('believes config.json about heads and length', () => {
    const config = { num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 64 }
    expect(read(golden('llama'), config).widths).toMatchObject({ nKeyValueHeads: 2, nCtx: 64 })
  })

  it('gives the head no more of the graph than it needs', () => {
    const { graph } = fromBinary(ModelProtoSchema, read(golden('gpt2')).head().bytes)
    expect(graph!.initializer.map(({ name }) => name)).not.toContain('m.transformer.wte.weight')
    expect(graph!.node.map(({ opType }) => opType)).not.toContain('Softmax')
  })
})

describe('a graph', () => {
  it('is read by its shape, whatever its names', () => {
    const found = read(modelBytes(smallGraph()))
    expect(found.bodyHooks).toEqual(['hook_embed', ...block(0)])
    expect(found.headHooks).toEqual(['ln_final.hook_normalized', 'logits'])
    const { graph } = fromBinary(ModelProtoSchema, found.body().bytes)
    const exposed = graph!.node.filter(({ name }) => name.startsWith('lamella:'))
    const sources = new Map(exposed.map(({ input, output }) => [output[0]!, input[0]!]))
    expect(Object.fromEntries(sources)).toEqual({
      'lamella:hook_embed': 'x0',
      'lamella:blocks.0.hook_resid_pre': 'x0',
      'lamella:blocks.0.attn.hook_attn_scores': 'raw',
      'lamella:blocks.0.attn.hook_pattern': 'pattern0',
      'lamella:blocks.0.hook_resid_mid': 'mid0',
      'lamella:blocks.0.hook_resid_post': 'x1'
    })
    expect(found.body().weights.map(({ name }) => name)).not.toContain('unembed')
    expect(found.head().weights.map(({ name }) => name)).toEqual(['gain3', 'unembed'])
  })

  it('says that fused attention gives no pattern, and still finds the residual stream', () => {
    const found = read(modelBytes(smallGraph({}, fusedAttention)))
    expect(found.bodyHooks).toEqual([
      'hook_embed',
      ...block(0).filter(hook => !hook.includes('attn'))
    ])
    expect(found.limits[1]).toBe(
      'Attention patterns of 1 layers cannot be shown: the operator GroupQueryAttention computes attention in one step and gives none. An export without optimization shows them.'
    )
  })

  it('does not take a softmax that multiplies weights for attention', () => {
    const routed = smallGraph().node!.flatMap(each =>
      each.opType === 'Relu'
        ? [node('Softmax', 'pre -> gates'), node('MatMul', 'gates experts -> post')]
        : [each]
    )
    const initializer = [...smallGraph().initializer!, weight('experts', 32, 32)]
    const found = read(modelBytes(smallGraph({ node: routed, initializer })))
    expect(found.bodyHooks).toEqual(['hook_embed', ...block(0)])
  })

  it('without a residual stream gives its patterns and logits in one', () => {
    const plain = smallGraph().node!.filter(({ output }) => output![0] !== 'x1')
    const nodes = plain.map(each =>
      each.output![0] === 'mid0' ? node('Identity', 'attn_out -> mid0') : each
    )
    const last = nodes.map(each =>
      each.output![0] === 'normed' ? node('LayerNormalization', 'mlp_out gain3 -> normed') : each
    )
    const found = read(modelBytes(smallGraph({ node: last })))
    expect(found.headHooks).toEqual([])
    expect(found.bodyHooks).toContain('blocks.0.attn.hook_pattern')
    expect(found.bodyHooks).toContain('logits')
    expect(found.limits).toContain(
      'The residual stream after the last layer was not found in the graph.'
    )
  })

  it('within an If is read from the branch without a cache', () => {
    const found = read(inBranches(modelBytes(smallGraph())))
    expect(found.bodyHooks).toEqual(['hook_embed', ...block(0)])
    expect(found.inputs.map(({ name }) => name)).toEqual(['input_ids'])
  })

  it('of half precision is given and gives float32', () => {
    const half = smallGraph().initializer!.map(tensor => ({ ...tensor, dataType: 10 }))
    const found = read(modelBytes(smallGraph({ initializer: half })))
    const { graph } = fromBinary(ModelProtoSchema, found.head().bytes)
    const casts = graph!.node.filter(({ opType }) => opType === 'Cast')
    expect(casts.map(({ attribute: [to] }) => Number(to!.i))).toEqual([10, 1, 1])
  })

  it('gets an empty cache, a mask of ones and positions', () => {
    const input = [
      value('input_ids', 7, 'batch', 'seq'),
      value('attention_mask', 6, 'batch', 'total'),
      value('position_ids', 7, 'batch', 'seq'),
      value('past_key_values.0.key', 10, 'batch', 2, 'past', 4)
    ]
    expect(read(modelBytes(smallGraph({ input }))).inputs.slice(1)).toEqual([
      { name: 'attention_mask', type: 'int32', fill: 1, shape: [1, 'length'] },
      { name: 'position_ids', type: 'int64', fill: 'positions', shape: [1, 'length'] },
      { name: 'past_key_values.0.key', type: 'float16', fill: 0, shape: [1, 2, 0, 4] }
    ])
  })

  it('of one length says so', () => {
    const found = read(modelBytes(smallGraph({ input: [value('input_ids', 7, 1, 128)] })))
    expect(found.fixedLength).toBe(128)
    expect(found.widths.nCtx).toBe(128)
  })
})

describe('refusals', () => {
  const withNode = (extra: NodeInit) =>
    modelBytes(smallGraph({ node: [extra, ...smallGraph().node!] }))
  const constant = (t: object) =>
    node('Constant', '-> c', {
      attribute: [{ name: 'value', type: 4, t: { dims: [1n], dataType: 1, ...t } }]
    })
  const subgraph = (inner: NodeInit) =>
    node('If', 'cond -> c', { attribute: [{ name: 'then_branch', type: 5, g: { node: [inner] } }] })
  const recursive = { name: 'f', domain: 'own', node: [node('f', 'a -> b', { domain: 'own' })] }
  const foreign = node('Evil', 'input_ids -> c', { domain: 'evil.library' })
  const elsewhere = {
    dataLocation: 1,
    externalData: [{ key: 'location', value: '../../etc/passwd' }]
  }

  it.each([
    [
      'an operator of another library',
      withNode(foreign),
      'unsupported: node "Evil c" of operator "Evil" is of the domain "evil.library"; custom operators are not run'
    ],
    [
      'the same inside a subgraph',
      withNode(subgraph(foreign)),
      'unsupported: node "Evil c" of operator "Evil" is of the domain "evil.library"; custom operators are not run'
    ],
    [
      'functions, be they recursive or not',
      modelBytes(smallGraph(), { functions: [recursive] }),
      'unsupported: brings 1 functions of its own (such as "f"), which are not run'
    ],
    [
      'compiled code',
      withNode(node('EPContext', '-> c', { domain: 'com.microsoft' })),
      'unsupported: node "EPContext c" of operator "EPContext" loads compiled code, which is not run'
    ],
    [
      'a constant in another file',
      withNode(constant(elsewhere)),
      'unsupported: node "Constant c" of operator "Constant" keeps constants in another file, which is not opened'
    ],
    [
      'a constant in another file inside a subgraph',
      withNode(subgraph(constant(elsewhere))),
      'unsupported: node "Constant c" of operator "Constant" keeps constants in another file, which is not opened'
    ],
    [
      'an input that is no text',
      modelBytes(smallGraph({ input: [value('pixel_values', 1, 'batch', 3, 224, 224)] })),
      'unsupported: its input "pixel_values" is none that a text gives'
    ],
    [
      'a batch of eight',
      modelBytes(smallGraph({ input: [value('input_ids', 7, 8, 'seq')] })),
      'unsupported: its input "input_ids" takes 8 texts at once'
    ],
    [
      'no token ids',
      modelBytes(smallGraph({ input: [value('attention_mask', 7, 'batch', 'seq')] })),
      'unsupported: its graph has no input for token ids'
    ],
    [
      'no embeddings',
      modelBytes(smallGraph({ node: smallGraph().node!.slice(1) })),
      'unsupported: its graph does not look tokens up in a table of embeddings'
    ],
    [
      'nodes that read what is computed later',
      modelBytes(smallGraph({ node: smallGraph().node!.toReversed() })),
      'file-invalid: node "MatMul logits" reads "normed" before it is computed'
    ],
    [
      'a node that reads itself',
      withNode(node('Relu', 'c -> c')),
      'file-invalid: node "Relu c" reads "c" before it is computed'
    ],
    [
      'graphs nested 100,000 deep',
      deepGraph(100_000),
      'unsupported: its graph is nested more than 100 messages deep'
    ],
    [
      'a million empty nodes',
      field(
        7,
        Uint8Array.from({ length: 2_000_000 }, (_, i) => (i % 2 === 0 ? 0x0a : 0))
      ),
      'unsupported: its graph has more parts than can be read'
    ],
    [
      'a node that goes past its graph',
      field(7, Uint8Array.from([0x0a, 0x05, 0x0a])),
      'file-invalid: is truncated or damaged inside its graph'
    ]
  ])('refuses %s', async (_, model, error) => {
    const before = process.memoryUsage().rss
    const [code, ...cause] = error.split(': ')
    const taken = await processorTime(() =>
      expect(() => read(model)).toThrow(
        expect.objectContaining({ code, message: `model.onnx: ${cause.join(': ')}` }) as Error
      )
    )
    expect(taken).toBeLessThan(5000)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
  })
})
