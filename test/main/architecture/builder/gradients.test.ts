import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { buildBlock } from '../../../../src/main/architecture/builder/block.ts'
import {
  addOf,
  beforeEdit,
  scaleOf
} from '../../../../src/main/architecture/builder/construction.ts'
import { buildEmbedding, buildUnembedding } from '../../../../src/main/architecture/builder/ends.ts'
import {
  buildBlockGradient,
  buildEmbeddingGradient,
  buildUnembeddingGradient,
  gradientIn,
  gradientOf
} from '../../../../src/main/architecture/builder/gradients.ts'
import { blockHooksOf } from '../../../../src/main/architecture/hooks-of.ts'
import { writeOnnx } from '../../../../src/main/graph/onnx.ts'
import { ModelProtoSchema } from '../../../../src/main/onnx/onnx_pb.js'
import { loadGraph, runGraph, type LoadedGraph, type Values } from '../../../golden/run-graph.ts'
import { scattered } from '../../graph/measure.ts'
import { goldenSpec } from '../golden-models.ts'
import { firstBlock } from './first-block.ts'

/** Each way that a block is put together: where norms stand, parallel, grouped heads, caps, biases of positions. */
const some = [
  'gpt2',
  'gpt_neox',
  'bloom',
  'llama',
  'gemma2',
  'olmo2',
  'granite',
  'bert',
  'modernbert'
]

const step = 4e-3

function random(shape: readonly number[], seed: number, size = 1): Tensor {
  const { data } = scattered(shape, {}, { seed, low: -size, high: size })
  return { shape, data: Float32Array.from(data) }
}

function one(rank: number, value: number): Tensor {
  return { shape: new Array<number>(rank).fill(1), data: Float32Array.of(value) }
}

function dot(a: Tensor, b: Tensor): number {
  return a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0)
}

function sum({ data }: Tensor): number {
  return data.reduce((total, value) => total + value, 0)
}

function moved({ shape, data }: Tensor, direction: Tensor, by: number): Tensor {
  return { shape, data: data.map((value, i) => value + by * direction.data[i]!) }
}

/** By how much an output's product with `seed` grows, for one step of what is fed: fourth order, of four runs. */
async function slope(
  graph: LoadedGraph,
  output: string,
  seed: Tensor,
  feeds: (by: number) => Values
): Promise<number> {
  const change = async (by: number) => {
    const [up, down] = [await graph.run(feeds(by)), await graph.run(feeds(-by))]
    const difference = up[output]!.data.map((value, i) => value - down[output]!.data[i]!)
    return dot({ shape: seed.shape, data: difference }, seed)
  }
  return (8 * (await change(step)) - (await change(2 * step))) / (12 * step)
}

/** Single precision leaves the differences some noise. */
function expectSlope(gradient: number, measured: number, what: string): void {
  const apart = Math.abs(gradient - measured) - 5e-3 * Math.abs(measured)
  expect(apart, `${what}: ${gradient} against ${measured}`).toBeLessThan(1e-2)
}

describe.each(some)('of a block of %s, with an edit', name => {
  it('towards every hook, its scale and the residual, are what finite differences are', async () => {
    const { spec, weights, feeds } = await firstBlock(name)
    const seed = random(feeds.hook_resid_pre!.shape, 5)
    const direction = random(seed.shape, 6)
    for (const hook of blockHooksOf(spec.blocks[0]!)) {
      if (hook === 'hook_resid_post') continue
      const edited = new Set([hook])
      const forward = buildBlock(spec, 0, weights, { edited })
      const rank = forward.inputs.find(input => input.name === scaleOf(hook))!.shape.length
      const isFirst = hook === 'hook_resid_pre'
      const entry = isFirst ? beforeEdit(hook) : 'hook_resid_pre'
      const { hook_resid_pre: residual, ...others } = feeds
      const fed = (scale: number, add: number, along = 0): Values => ({
        ...others,
        [entry]: moved(residual!, direction, along),
        [scaleOf(hook)]: one(rank, scale),
        [addOf(hook)]: one(rank, add)
      })
      const block = await loadGraph(forward, weights, ['hook_resid_post'])
      const measured = (of: (by: number) => Values) => slope(block, 'hook_resid_post', seed, of)

      const backward = buildBlockGradient(spec, 0, weights, { edited, hooks: [hook] })
      const given = await runGraph(backward, weights, {
        ...fed(0.75, 0.1),
        [gradientOf('hook_resid_post')]: seed
      })
      const towards = given[gradientOf(hook)]!
      const before = isFirst ? residual! : given[beforeEdit(hook)]!
      expect(towards.shape).toEqual(before.shape)
      expectSlope(sum(towards), await measured(by => fed(0.75, 0.1 + by)), `${hook} add`)
      const ofScale = await measured(by => fed(0.75 + by, 0.1))
      expectSlope(dot(towards, before), ofScale, `${hook} scale`)
      const along = await measured(by => fed(0.75, 0.1, by))
      expectSlope(dot(given[gradientIn]!, direction), along, `${hook}: residual`)
      await block.release()
    }
  })
})

describe.each([...some, 'mixtral', 'qwen2_moe', 'qwen3_moe', 'gpt_oss'])(
  'of a block of %s',
  name => {
    it('towards every hook are what they are with an edit of nothing', async () => {
      const { spec, weights, feeds } = await firstBlock(name)
      const seed = random(feeds.hook_resid_pre!.shape, 5)
      const given = { ...feeds, [gradientOf('hook_resid_post')]: seed }
      for (const hook of blockHooksOf(spec.blocks[0]!)) {
        if (hook === 'hook_resid_post' || hook === 'hook_resid_pre') continue
        const plain = await runGraph(
          buildBlockGradient(spec, 0, weights, { hooks: [hook] }),
          weights,
          given
        )
        const backward = buildBlockGradient(spec, 0, weights, {
          hooks: [hook],
          edited: new Set([hook])
        })
        const rank = backward.inputs.find(input => input.name === scaleOf(hook))!.shape.length
        const edited = await runGraph(backward, weights, {
          ...given,
          [scaleOf(hook)]: one(rank, 1),
          [addOf(hook)]: one(rank, -0)
        })
        const [a, b] = [plain, edited].map(values => values[gradientOf(hook)]!)
        const largest = Math.max(...b!.data.map(Math.abs))
        expect(largest, hook).toBeGreaterThan(0)
        const apart = Math.max(...a!.data.map((value, i) => Math.abs(value - b!.data[i]!)))
        expect(apart, hook).toBeLessThan(1e-5 * largest)
      }
    })
  }
)

it('towards what each head gives is the same for all, where no norm follows', async () => {
  const { spec, weights, feeds } = await firstBlock('gpt2')
  const hooks = ['attn.hook_result', 'hook_attn_out'] as const
  const given = await runGraph(buildBlockGradient(spec, 0, weights, { hooks }), weights, {
    ...feeds,
    [gradientOf('hook_resid_post')]: random(feeds.hook_resid_pre!.shape, 5)
  })
  const { nHeads, dModel } = spec
  const together = given[gradientOf('hook_attn_out')]!.data
  const heads = given[gradientOf('attn.hook_result')]!.data
  expect(heads).toHaveLength(nHeads * together.length)
  const repeated = heads.map((_, i) => {
    return together[Math.floor(i / (nHeads * dModel)) * dModel + (i % dModel)]!
  })
  expect(heads).toEqual(repeated)
})

describe('of the ends of a model', () => {
  it.each(['gpt2', 'gemma2', 'bert'])('%s: towards what the head reads', async name => {
    const { spec, weights, count } = await firstBlock(name)
    const residual = random([count, spec.dModel], 1)
    const seed = random([count, spec.dVocab], 2)
    const back = await runGraph(buildUnembeddingGradient(spec, weights), weights, {
      hook_resid_post: residual,
      [gradientOf('logits')]: seed
    })
    const direction = random(residual.shape, 3)
    const head = await loadGraph(buildUnembedding(spec, weights), weights, ['logits'])
    const measured = await slope(head, 'logits', seed, by => ({
      hook_resid_post: moved(residual, direction, by)
    }))
    expectSlope(dot(back[gradientIn]!, direction), measured, 'residual')
    await head.release()
    if (spec.finalNorm === null) return
    const hook = 'ln_final.hook_normalized'
    const edited = buildUnembedding(spec, weights, new Set([hook]))
    const final = await loadGraph(edited, weights, ['logits'])
    const added = await slope(final, 'logits', seed, by => ({
      hook_resid_post: residual,
      [scaleOf(hook)]: one(2, 1),
      [addOf(hook)]: one(2, by)
    }))
    expectSlope(sum(back[gradientOf(hook)]!), added, hook)
    await final.release()
  })

  it.each(['gpt2', 'bert', 'electra'])('%s: towards tokens and positions', async name => {
    const { spec, weights, count } = await firstBlock(name)
    const forward = buildEmbedding(spec, weights)
    const seed = random([count, spec.dModel], 4)
    const inputs = forward.inputs.map(({ name, shape }, i) => {
      return [name, random([count, Number(shape[1])], 7 + i)] as const
    })
    const fed = Object.fromEntries(inputs)
    const back = await runGraph(buildEmbeddingGradient(spec, weights), weights, {
      ...fed,
      [gradientOf('hook_resid_pre')]: seed
    })
    const embedding = await loadGraph(forward, weights)
    expect(inputs.map(([name]) => name)).toEqual(['hook_embed', 'hook_pos_embed'])
    for (const [input, value] of inputs) {
      const direction = random(value.shape, 9)
      const measured = await slope(embedding, 'hook_resid_pre', seed, by => ({
        ...fed,
        [input]: moved(value, direction, by)
      }))
      expectSlope(dot(back[gradientOf(input)]!, direction), measured, input)
    }
    await embedding.release()
  })

  it('are none where there is no head, and of positions where there are none', async () => {
    const { spec, tensors } = await goldenSpec('llama')
    const none = { ...spec, unembedding: null }
    expect(() => buildUnembeddingGradient(none, tensors)).toThrow('The model has no head')
    expect([...buildEmbeddingGradient(spec, tensors).outputs.keys()]).toEqual(['grad.hook_embed'])
  })
})

describe('the graph of the backward pass', () => {
  it('computes no gradient of weights, and of the forward pass what is needed', async () => {
    const { spec, tensors } = await goldenSpec('gpt2')
    const count = (graph: Parameters<typeof writeOnnx>[0], op: string) => {
      const { node } = fromBinary(ModelProtoSchema, writeOnnx(graph).bytes).graph!
      return node.filter(({ opType }) => opType === op).length
    }
    const block = buildBlockGradient(spec, 0, tensors, { hooks: ['attn.hook_pattern'] })
    // Forth without what leaves the MLP: QKV, O, in; back: all four.
    expect(count(block, 'Gemm')).toBe(3 + 4)
    // Forth: scores and z; back: two of each.
    expect(count(block, 'MatMul')).toBe(2 + 4)
    expect([...block.outputs.keys()]).toEqual(['grad.in', 'grad.attn.hook_pattern'])
    expect(count(buildUnembeddingGradient(spec, tensors), 'Gemm')).toBe(1)
    // Of chosen logits both ways, and without the matrix.
    const chosen = buildUnembeddingGradient(spec, tensors, true)
    expect(count(chosen, 'Gemm')).toBe(2)
    const weights = writeOnnx(chosen).weights.map(({ name }) => name)
    expect(weights).not.toContain(spec.unembedding!.output.weight)
    expect(count(buildEmbeddingGradient(spec, tensors), 'Add')).toBe(0)
  })

  it('is refused for hooks that the block does not have or whose gradient is known', async () => {
    const { spec, tensors } = await goldenSpec('gpt2')
    const of = (...hooks: ('hook_resid_post' | 'attn.hook_rot_k')[]) =>
      buildBlockGradient(spec, 1, tensors, { hooks })
    expect(() => of('attn.hook_rot_k')).toThrow('blocks.1.attn.hook_rot_k: no such hook')
    expect(() => of('hook_resid_post')).toThrow(
      'blocks.1.hook_resid_post: its gradient is handed over'
    )
  })

  it('gives what an edited hook was before, unless it is what comes in', async () => {
    const { spec, tensors } = await goldenSpec('gpt2')
    const edited = new Set(['hook_resid_pre', 'attn.hook_z', 'mlp.hook_post'] as const)
    const graph = buildBlockGradient(spec, 0, tensors, {
      edited,
      hooks: ['hook_resid_pre', 'attn.hook_z', 'attn.hook_q']
    })
    expect([...graph.outputs.keys()]).toEqual([
      'grad.in',
      'grad.hook_resid_pre',
      'grad.attn.hook_z',
      'grad.attn.hook_q',
      'attn.hook_z:before'
    ])
  })
})
