import { describe, expect, it } from 'vitest'
import type { DenseMlpSpec } from '#common/model/spec.ts'
import { neurons } from '#common/analysis/neurons/neurons.ts'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { buildBlock } from '../../../src/main/architecture/builder/block.ts'
import { architectureOf } from '../../../src/main/architecture/architecture.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import type { TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import { expectClose } from '../../golden/compare.ts'
import { runGraph } from '../../golden/run-graph.ts'
import { firstBlock } from './builder/first-block.ts'
import { goldenModel, goldenSpec } from './golden-models.ts'

const dense = Object.fromEntries(
  ['gate', 'up', 'down'].map(name => [
    `model.layers.1.mlp.${name}_proj.weight`,
    name === 'down' ? [48, 80] : [80, 48]
  ])
)

describe('experts', () => {
  it('that a state dict from memory has stacked compute the same', async () => {
    const { spec, weights, feeds } = await firstBlock('qwen3_moe')
    const stacked = async (
      name: string,
      parts: string[],
      shape: number[]
    ): Promise<TensorEntry> => {
      const entries = parts.map(part => weights.get(`model.layers.0.mlp.experts.${part}.weight`)!)
      const values = await Promise.all(entries.map(readFloat32))
      const all = Float32Array.from(values.flatMap(own => [...own]))
      const content = new Uint8Array(all.buffer)
      return { ...entries[0]!, name, shape, byteLength: content.length, content }
    }
    const within = 'model.layers.0.mlp.experts'
    const each = (...names: string[]) =>
      [0, 1, 2, 3].flatMap(expert => names.map(name => `${expert}.${name}`))
    const made = [
      await stacked(`${within}.gate_up_proj`, each('gate_proj', 'up_proj'), [4, 64, 48]),
      await stacked(`${within}.down_proj`, each('down_proj'), [4, 48, 32])
    ]
    const tensors = new Map([...weights, ...made.map(entry => [entry.name, entry] as const)])
    const { config } = await goldenModel('qwen3_moe', { num_hidden_layers: 1 })
    const other = architectureOf(config, tensors).spec
    expect(other.blocks[0]!.mlp).toMatchObject({ experts: [{ kind: 'gated-fused' }, {}, {}, {}] })
    const expected = await runGraph(buildBlock(spec, 0, weights), weights, feeds)
    const actual = await runGraph(buildBlock(other, 0, tensors), tensors, feeds)
    for (const [hook, { shape, data }] of Object.entries(expected)) {
      expect(actual[hook]!.shape).toEqual(shape)
      expectClose(actual[hook]!.data, data, 1e-5, hook)
    }
  })

  it.each([
    [{ mlp_only_layers: [1] }, ['experts', 'gated', 'experts']],
    [{ decoder_sparse_step: 2 }, ['gated', 'experts', 'gated']]
  ])('are in those layers that %j says', async (changes, kinds) => {
    const one = Object.entries(dense)
    const all = [0, 1, 2].flatMap(layer =>
      one.map(([name, shape]) => [name.replace('layers.1', `layers.${layer}`), shape] as const)
    )
    const { spec } = await goldenSpec('qwen3_moe', changes, { with: Object.fromEntries(all) })
    expect(spec.blocks.map(({ mlp }) => mlp?.kind)).toEqual(kinds)
    expect((spec.blocks[1]!.mlp as DenseMlpSpec).width ?? spec.dMlp).toBe(80)
  })

  it.each([
    ['qwen3_moe', { norm_topk_prob: null }, { softmaxOver: 'all' }],
    ['qwen2_moe', { norm_topk_prob: true }, { softmaxOver: 'chosen' }]
  ] as const)('of %s with %j are what it says', async (name, changes, mlp) => {
    const { spec } = await goldenSpec(name, changes)
    expect(spec.blocks[0]!.mlp).toMatchObject(mlp)
  })

  it('of which config.json says two numbers are refused', async () => {
    await expect(goldenSpec('qwen3_moe', { num_experts: 8 })).rejects.toThrow(
      'config.json: num_experts must be 4, as num_local_experts says, got 8'
    )
  })

  it('cannot be chosen more often than there are', async () => {
    await expect(goldenSpec('mixtral', { num_experts_per_tok: 5 })).rejects.toThrow(
      'config.json: num_experts_per_tok must be at most 4, the number of experts, got 5'
    )
    const { spec } = await goldenSpec('mixtral', { num_experts_per_tok: 4 })
    expect(spec.blocks[0]!.mlp).toMatchObject({ chosen: 4 })
  })

  it('in blocks of four bits are named and refused', async () => {
    const blocks = { 'model.layers.0.mlp.experts.gate_up_proj_blocks': [4, 160, 3, 16] }
    await expect(
      goldenSpec('gpt_oss', {}, { with: blocks, without: /gate_up_proj$/ })
    ).rejects.toThrow(/gate_up_proj_blocks: holds the weights of experts as MXFP4/)
  })

  it('are bounded by what transformers has in its code, or refused', async () => {
    await expect(goldenSpec('gpt_oss', { swiglu_limit: 7 })).resolves.toBeDefined()
    await expect(goldenSpec('gpt_oss', { swiglu_limit: 5 })).rejects.toThrow(/swiglu_limit/)
  })

  it('of which some layers have fewer neurons are not set side by side', () => {
    const widths = {
      nLayers: 2,
      nHeads: 1,
      nKeyValueHeads: 1,
      dModel: 4,
      dHead: 4,
      dVocab: 9,
      nCtx: 9
    }
    const mlps = [{ neurons: 80 }, { neurons: 128 }]
    const model = { name: 'mixed', config: widths, mlps } as unknown as ModelFacts
    const params = neurons.params.parse({ values: false })
    expect(() => neurons.needs(params, model, 4)).toThrow(
      'layers: 0 has 80 neurons and 1 has 128, which do not stand side by side'
    )
    expect(neurons.needs({ ...params, layers: [1] }, model, 4).hooks).toHaveLength(1)
  })
})

it('GPT-OSS is stretched as its class says where config.json says nothing', async () => {
  const { spec } = await goldenSpec('gpt_oss', { rope_parameters: null, layer_types: null })
  expect(spec.blocks[0]!.attention).toMatchObject({
    reach: 4,
    positions: { base: 150000, scaling: { type: 'yarn', factor: 32, trained: 4096 } }
  })
  expect(spec.blocks[1]!.attention.reach).toBeNull()
})
