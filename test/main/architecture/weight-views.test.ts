import { describe, expect, it } from 'vitest'
import type { AttentionSpec, LinearSpec, TransformerSpec } from '#common/model/spec.ts'
import { weightRoles, type WeightAddress, type WeightRole } from '#common/model/weight-view.ts'
import { buildBlock } from '../../../src/main/architecture/builder/block.ts'
import { checkRoles } from '../../../src/main/architecture/roles.ts'
import { weightView } from '../../../src/main/architecture/weight-views.ts'
import type { TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import { readWindow } from '../../../src/main/checkpoint/read-window.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { expectClose } from '../../golden/compare.ts'
import { runGraph } from '../../golden/run-graph.ts'
import { weightAddresses } from '../../golden/weight-addresses.ts'
import { firstBlock } from './builder/first-block.ts'
import { goldenSpec } from './golden-models.ts'

type Projections = AttentionSpec['projections']

/** 4 heads of 12 in a model 48 wide; all queries, keys and values in one matrix stored [in, out]. */
const [dModel, nHeads, dHead] = [48, 4, 12]
const all = 3 * dModel
const parts = ['query', 'key', 'value'] as const

/** GPT-2's fused matrix and bias as other files would have them: the same numbers, laid out in other tensors. */
const layouts: Record<string, (name: string) => { made: Made[]; projections: Projections }> = {
  'three matrices and one bias of all': name => ({
    made: parts.map((part, i) => matrix(part, [dModel, dModel], [all, 1], i * dModel)),
    projections: {
      layout: 'separate',
      query: linear('query', 'in,out'),
      key: linear('key', 'in,out'),
      value: linear('value', 'in,out'),
      bias: `${name}.bias`
    }
  }),
  'three matrices [out, in], each with its bias': () => ({
    made: parts.flatMap((part, i) => [
      matrix(part, [dModel, dModel], [1, all], i * dModel),
      bias(part, [dModel], [1], i * dModel)
    ]),
    projections: {
      layout: 'separate',
      query: linear('query', 'out,in', true),
      key: linear('key', 'out,in', true),
      value: linear('value', 'out,in', true),
      bias: null
    }
  }),
  'heads with an axis of their own': () => ({
    made: parts.flatMap((part, i) => [
      matrix(part, [nHeads, dModel, dHead], [dHead, all, 1], i * dModel),
      bias(part, [nHeads, dHead], [dHead, 1], i * dModel)
    ]),
    projections: {
      layout: 'separate',
      query: linear('query', 'head,in,d_head', true),
      key: linear('key', 'head,in,d_head', true),
      value: linear('value', 'head,in,d_head', true),
      bias: null
    }
  }),
  'a matrix for each head': () => {
    const each = (of: (name: string, first: number) => Made[]) =>
      parts.flatMap((part, i) =>
        heads.flatMap(head => of(`${part}.${head}`, i * dModel + head * dHead))
      )
    const linears = (part: string) => heads.map(head => linear(`${part}.${head}`, 'out,in', true))
    return {
      made: each((name, first) => [
        matrix(name, [dHead, dModel], [1, all], first),
        bias(name, [dHead], [1], first)
      ]),
      projections: {
        layout: 'by-head',
        query: linears('query'),
        key: linears('key'),
        value: linears('value')
      }
    }
  },
  'head by head': () => ({
    // [head, part, d_head, in] of what is [in, part, head, d_head].
    made: [
      {
        ...matrix('all', [nHeads, 3, dHead, dModel], [dHead, dModel, 1, all], 0),
        as: [all, dModel]
      },
      { ...bias('all', [nHeads, 3, dHead], [dHead, dModel, 1], 0), as: [all] }
    ],
    projections: { layout: 'interleaved', linear: linear('all', 'out,in', true) }
  })
}

const heads = Array.from({ length: nHeads }, (_, head) => head)

/** A tensor of numbers that another one has, from the `first` one on. */
interface Made {
  readonly name: string
  readonly of: 'weight' | 'bias'
  readonly shape: number[]
  readonly strides: number[]
  readonly first: number
  /** The shape that it is given. */
  readonly as?: number[]
}

function matrix(name: string, shape: number[], strides: number[], first: number): Made {
  return { name: `${name}.weight`, of: 'weight', shape, strides, first }
}

function bias(name: string, shape: number[], strides: number[], first: number): Made {
  return { name: `${name}.bias`, of: 'bias', shape, strides, first }
}

function linear(name: string, stored: LinearSpec['stored'], hasBias = false): LinearSpec {
  const bias = hasBias ? `${name}.bias` : null
  return { weight: `${name}.weight`, bias, stored, stacked: null }
}

/** The numbers, in a tensor of their own. */
async function made(
  { name, of, shape, strides, first, as = shape }: Made,
  from: (of: Made['of']) => TensorEntry
): Promise<TensorEntry> {
  const source = await readFloat32(from(of))
  const places = shape.reduce(
    (found, length, axis) =>
      found.flatMap(at => Array.from({ length }, (_, i) => at + i * strides[axis]!)),
    [first]
  )
  const content = new Uint8Array(Float32Array.from(places, place => source[place]!).buffer)
  return { ...from(of), name, shape: as, byteLength: content.length, content }
}

function withProjections(spec: TransformerSpec, projections: Projections): TransformerSpec {
  const [first] = spec.blocks
  return { ...spec, blocks: [{ ...first!, attention: { ...first!.attention, projections } }] }
}

describe.each(Object.entries(layouts))('of %s', (_, layout) => {
  async function variant() {
    const { spec, weights, feeds } = await firstBlock('gpt2')
    const { projections } = spec.blocks[0]!.attention
    if (projections.layout !== 'concatenated') throw new Error('not the GPT-2 that it was')
    const fused = projections.linear
    const other = layout(fused.bias!.replace(/\.bias$/, ''))
    const entries = await Promise.all(
      other.made.map(tensor => made(tensor, of => weights.get(fused[of]!)!))
    )
    const tensors = new Map([...weights, ...entries.map(entry => [entry.name, entry] as const)])
    return { spec, other: withProjections(spec, other.projections), weights, tensors, feeds }
  }

  it('a block computes the same', async () => {
    const { spec, other, weights, tensors, feeds } = await variant()
    const expected = await runGraph(buildBlock(spec, 0, weights), weights, feeds)
    const actual = await runGraph(buildBlock(other, 0, tensors), tensors, feeds)
    for (const [hook, { shape, data }] of Object.entries(expected)) {
      expect(actual[hook]!.shape).toEqual(shape)
      expectClose(actual[hook]!.data, data, 1e-5, hook)
    }
  })

  it('weights by role are the same', async () => {
    const { spec, other, weights, tensors } = await variant()
    for (const role of ['W_Q', 'W_K', 'W_V', 'b_Q', 'b_K', 'b_V'] as const)
      for (const head of heads) {
        const [of, at] = [
          weightView(spec, { role, layer: 0, head })!,
          weightView(other, { role, layer: 0, head })!
        ]
        expect(at.shape).toEqual(of.shape)
        const expected = await readWindow(weights.get(of.lies[0].tensor)!, of.lies[0])
        expect(await readWindow(tensors.get(at.lies[0].tensor)!, at.lies[0])).toEqual(expected)
      }
  })

  it('every tensor has the shape that its role says', async () => {
    const { other, tensors } = await variant()
    checkRoles(other, tensors)
  })
})

it.each(['in,out', 'out,in', 'head,d_head,out'] as const)(
  'of an output stored as [%s] W_O is of one head',
  async stored => {
    const { spec } = await goldenSpec('gpt2')
    const [first] = spec.blocks
    const output = { ...first!.attention.output!, stored }
    const other = { ...spec, blocks: [{ ...first!, attention: { ...first!.attention, output } }] }
    const { shape, lies } = weightView(other, { role: 'W_O', layer: 0, head: 2 })!
    expect(shape).toEqual([dHead, dModel])
    const { start, size, transposed } = lies[0]
    expect({ start, size, transposed }).toEqual(
      {
        'in,out': { start: [24, 0], size: [12, 48], transposed: false },
        'out,in': { start: [0, 24], size: [48, 12], transposed: true },
        'head,d_head,out': { start: [2, 0, 0], size: [1, 12, 48], transposed: false }
      }[stored]
    )
  }
)

describe('the weights of a model', () => {
  const counts = async (name: string) => {
    const { spec } = await goldenSpec(name)
    const found = new Map<WeightRole, number>()
    for (const { role } of weightAddresses(spec)) found.set(role, (found.get(role) ?? 0) + 1)
    return Object.fromEntries(found)
  }

  it('are listed by block and head', async () => {
    const gpt2 = { W_E: 1, W_pos: 1, W_Q: 12, b_Q: 12, W_K: 12, b_K: 12, W_V: 12, b_V: 12 }
    const rest = { W_O: 12, b_O: 3, W_in: 3, b_in: 3, W_out: 3, b_out: 3 }
    const end = { w_ln_final: 1, W_U: 1 }
    expect(await counts('gpt2')).toEqual({ ...gpt2, ...rest, ...end })
    const llama = { W_E: 1, W_Q: 12, W_K: 6, W_V: 6, W_O: 12, W_gate: 3, W_in: 3, W_out: 3 }
    expect(await counts('llama')).toEqual({ ...llama, ...end })
    const [biases, experts] = [{ b_Q: 16, b_K: 8, b_V: 8, b_O: 4 }, 4 * (4 + 1)]
    expect(await counts('gpt_oss')).toEqual({
      ...{ W_E: 1, W_Q: 16, W_K: 8, W_V: 8, W_O: 16, ...biases, w_sink: 4, ...end },
      ...{ W_router: 4, b_router: 4, W_gate: experts, W_in: experts, W_out: experts },
      ...{ b_gate: experts, b_in: experts, b_out: 4 * 4 }
    })
  })

  it('lie inside their tensors, each with the axes of its role', async () => {
    for (const name of [
      'gpt2',
      'gpt_neox',
      'falcon',
      'phi3',
      'gemma2',
      'electra',
      'albert',
      'qwen2_moe',
      'gpt_oss'
    ]) {
      const { spec, tensors } = await goldenSpec(name)
      for (const address of weightAddresses(spec)) {
        const { shape, lies } = weightView(spec, address)!
        expect(shape).toHaveLength(weightRoles[address.role].length)
        for (const { tensor, start, size, steps } of lies)
          tensors.get(tensor)!.shape.forEach((length, axis) => {
            const last = start[axis]! + (size[axis]! - 1) * (steps?.[axis] ?? 1)
            expect(last).toBeLessThan(length)
          })
      }
    }
  })

  it('lead to labels where the model gives no tokens', async () => {
    const { spec } = await goldenSpec('gpt2')
    const unembedding = { ...spec.unembedding!, labels: ['no', 'yes', 'maybe'] }
    const address = { role: 'W_U', layer: null, head: null } as const
    expect(weightView({ ...spec, unembedding }, address)!.shape).toEqual([dModel, 3])
    expect(weightView({ ...spec, unembedding: null }, address)).toBeNull()
  })

  it.each<[WeightAddress, string]>([
    [{ role: 'W_Q', layer: 0, head: 4 }, 'W_Q: head 4 is outside 0 to 3'],
    [{ role: 'W_K', layer: 0, head: 2 }, 'W_K: head 2 is outside 0 to 1'],
    [{ role: 'W_Q', layer: 3, head: 0 }, 'W_Q: layer 3 is outside 0 to 2'],
    [{ role: 'W_Q', layer: -1, head: 0 }, 'W_Q: layer -1 is outside 0 to 2'],
    [{ role: 'W_in', layer: 0.5, head: null }, 'W_in: layer 0.5 is outside 0 to 2'],
    [{ role: 'W_Q', layer: 0, head: null }, 'W_Q: there is one of each head: say which'],
    [{ role: 'W_in', layer: null, head: null }, 'W_in: there is one of each layer: say which'],
    [{ role: 'W_in', layer: 0, head: 0 }, 'W_in: there is one, not one of each head'],
    [{ role: 'W_E', layer: 0, head: null }, 'W_E: there is one, not one of each layer']
  ])('are refused at %j', async (address, message) => {
    const { spec } = await goldenSpec('llama')
    expect(() => weightView(spec, address)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message })
    )
  })
})
