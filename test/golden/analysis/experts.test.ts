import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { relativeBuckets } from '#common/model/relative-buckets.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { expectClose, readGolden } from '../compare.ts'
import { golden } from '../models.ts'
import { analysed, cpuSource, modelIn, sharedWorkbench, uncancelled } from '../workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const ids = [5, 17, 3, 9, 11, 2]

async function ran(name: string, edits: readonly Edit[] = []) {
  const model = await modelIn(workbench, join(golden, name))
  const source = { ...cpuSource(model, { ids }), edits: [...edits] }
  const { id: runId } = await workbench.handlers['runs.start']({ source }, uncancelled())
  return async (hook: string) =>
    workbench.handlers['runs.value']({ runId, hook, exact: true }, uncancelled())
}

describe.each([
  ['mixtral', true],
  ['qwen2_moe', false],
  ['qwen3_moe', true],
  ['gpt_oss', true]
] as const)('the router of %s', (name, sumsToOne) => {
  it('weighs the two experts that it scores highest, and no other', async () => {
    const value = await ran(name)
    const scores = await value('blocks.1.mlp.hook_router_scores')
    const weights = await value('blocks.1.mlp.hook_router')
    expect(weights.shape).toEqual([ids.length, 4])
    ids.forEach((_, pos) => {
      const own = [...scores.data.subarray(4 * pos, 4 * pos + 4)]
      const chosen = [...own.keys()].sort((a, b) => own[b]! - own[a]!).slice(0, 2)
      const exponentials = own.map(Math.exp)
      const over = sumsToOne ? chosen : [...own.keys()]
      const sum = over.reduce((all, expert) => all + exponentials[expert]!, 0)
      own.forEach((_, expert) => {
        const expected = chosen.includes(expert) ? exponentials[expert]! / sum : 0
        expect(weights.data[4 * pos + expert]).toBeCloseTo(expected, 5)
      })
    })
  })

  it('is what the analysis of experts counts', async () => {
    const model = await modelIn(workbench, join(golden, name))
    const result = await analysed(workbench, model, 'experts', { layers: [1] }, { ids })
    const weights = await (await ran(name))('blocks.1.mlp.hook_router')
    expectClose(variable(result, 'weight').data as Float32Array, weights.data, 1e-6, 'weight')
    const { data: chosen } = variable(result, 'chosen')
    for (let expert = 0; expert < 4; expert++) {
      const own = weights.data.filter((_, i) => i % 4 === expert)
      const times = own.filter(weight => weight > 0).length
      expect([...chosen].filter(one => one === expert)).toHaveLength(times)
      expect(variable(result, 'load').data[expert]).toBeCloseTo(times / ids.length, 6)
      const mean = own.reduce((sum, weight) => sum + weight, 0) / ids.length
      expect(variable(result, 'mean_weight').data[expert]).toBeCloseTo(mean, 6)
    }
    expect(weights.data[chosen[0]!]).toBe(Math.max(...weights.data.subarray(0, 4)))
  })

  it('takes an expert away where its weight is taken away: its neurons are 0', async () => {
    const of = (hook: string, at: Edit['at']): Edit => ({ hook, at, scale: 0, add: null })
    const plain = await ran(name)
    const first = [...(await plain('blocks.1.mlp.hook_router')).data.subarray(0, 4)]
    const expert = first.indexOf(Math.max(...first))
    const router = await ran(name, [of('blocks.1.mlp.hook_router', { unit: [expert] })])
    const post = await router('blocks.1.mlp.hook_post')
    const [, neurons = 0] = post.shape
    const width = (neurons - (name === 'qwen2_moe' ? 40 : 0)) / 4
    const own = Array.from({ length: width }, (_, i) => expert * width + i)
    expect(post.data.filter((_, i) => own.includes(i % neurons)).every(x => x === 0)).toBe(true)
    const before = await plain('blocks.1.mlp.hook_post')
    expect(before.data.some((x, i) => own.includes(i % neurons) && x !== 0)).toBe(true)
    // Biases of its output go with its weight, not with its neurons.
    if (name === 'gpt_oss') return
    const ablated = await ran(name, [of('blocks.1.mlp.hook_post', { unit: own })])
    const [one, other] = [await router('logits'), await ablated('logits')]
    expectClose(one.data, other.data, 1e-4, 'logits')
  })
})

it('a model without experts has none to count', async () => {
  const model = await modelIn(workbench, join(golden, 'llama'))
  await expect(analysed(workbench, model, 'experts', {}, { ids })).rejects.toThrow(/has no experts/)
})

describe('attention sinks', () => {
  it('take what the rows of a pattern lack, and baselines know none', async () => {
    const model = await modelIn(workbench, join(golden, 'gpt_oss'))
    const { read } = await readGolden(join(golden, 'gpt_oss', 'golden.safetensors'))
    const ids = [...(await read('input_ids'))]
    const result = await analysed(workbench, model, 'head-scores', {}, { ids })
    const { data } = variable(result, 'attention_sink')
    const heads = model.config!.nHeads
    for (let layer = 0; layer < model.config!.nLayers; layer++) {
      const pattern = await read(`pattern.${layer}`)
      for (let head = 0; head < heads; head++) {
        const size = ids.length ** 2
        const own = pattern.subarray(head * size, (head + 1) * size)
        const left = 1 - own.reduce((sum, weight) => sum + weight, 0) / ids.length
        expect(data[layer * heads + head]).toBeCloseTo(left, 5)
        expect(left).toBeGreaterThan(0.001)
      }
    }
    expect(variable(result, 'baseline.attention_sink').data[0]).toBeCloseTo(0, 6)
    expect(result.attributes['sinks']).toMatch(/sum to less than 1/)
    const other = await modelIn(workbench, join(golden, 'llama'))
    const plain = await analysed(workbench, other, 'head-scores', {}, { ids })
    expect(plain.variables).not.toHaveProperty('attention_sink')
  })
})

describe('biases by relative position', () => {
  it('are what is stored of the bucket of each distance', async () => {
    const model = await modelIn(workbench, join(golden, 'mpnet'))
    const result = await analysed(workbench, model, 'positions', { distances: 200 })
    const { tensors } = await openCheckpoint(join(golden, 'mpnet'))
    const table = await readFloat32(tensors.get('mpnet.encoder.relative_attention_bias.weight')!)
    const { data } = variable(result, 'relative')
    const at = (head: number, offset: number) => data[head * 401 + 200 + offset]!
    // Eight distances of their own each way, then by their logarithm up to 128; later keys have the second half.
    for (const [offset, bucket] of [
      [0, 0],
      [-1, 1],
      [-7, 7],
      [1, 17],
      [7, 23],
      [8, 24],
      [-16, 10],
      [-200, 15],
      [200, 31]
    ] as const)
      expect(at(3, offset), `${offset}`).toBe(table[bucket * 4 + 3])
    expect([...variable(result, 'relative_table').data]).toEqual([...table])
    const { labels } = result.axes['bucket']!
    const named = [0, 1, 7, 8, 15, 16, 17, 24, 31].map(bucket => labels![bucket])
    expect(named).toEqual(['0', '−1', '−7', '−8…−11', '−91…', '–', '1', '8…11', '91…'])
    expect(variable(result, 'bias').data[201 + 7]).toBeCloseTo(table[29]! - table[1]!, 6)
  })

  it('are PyTorch’s buckets at every distance', () => {
    // The last distance of each bucket from the ninth on, as float32 logarithms give them.
    const buckets = relativeBuckets({ buckets: 32, furthest: 128 })
    const lasts = Array.from({ length: 8 }, (_, i) => buckets.lastIndexOf(8 + i, 127) - 128)
    expect(lasts.every(offset => offset < 0)).toBe(true)
    expect(buckets.slice(0, 129)).toEqual(buckets.slice(0, 129).sort((a, b) => b - a))
    expect(buckets.slice(129).map(bucket => bucket - 16)).toEqual(buckets.slice(0, 128).reverse())
    expect(Math.max(...buckets)).toBe(31)
  })
})
