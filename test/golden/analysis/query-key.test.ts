import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { readGolden } from '../compare.ts'
import { golden } from '../models.ts'
import { analysed, modelIn, sharedWorkbench, uncancelled } from '../workbench.ts'

/** Positions of all kinds, groups, caps, windows, sinks, norms of queries and keys, scales of their own, encoders. */
const families = [
  'gpt2',
  'gpt_neo',
  'gptj',
  'bloom',
  'falcon',
  'falcon-alibi',
  'llama',
  'gemma2',
  'gemma3',
  'qwen3',
  'olmo2',
  'gpt_oss',
  'bert',
  'modernbert',
  'mpnet',
  'codegen',
  'mpt',
  'cohere2',
  'granite'
]

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

function opened(name: string): Promise<ModelInfo> {
  return modelIn(workbench, join(golden, name))
}

const numbers = (result: Dataset, name: string) => [...variable(result, name).data]

/** The softmax of what the parts of each score add up to, over the keys that are seen. */
function softmaxOfParts(result: Dataset): number[] {
  const bias = numbers(result, 'bias')
  const score = numbers(result, 'score')
  const sums = numbers(result, 'capped').map((part, key) =>
    score[key] === -Infinity ? -Infinity : part + bias[key]!
  )
  const sink = 'sink' in result.variables ? numbers(result, 'sink') : []
  const highest = Math.max(...sums, ...sink)
  const shares = sums.map(sum => Math.exp(sum - highest))
  const all = [...shares, ...sink.map(score => Math.exp(score - highest))].reduce(
    (sum, share) => sum + share
  )
  return shares.map(share => share / all)
}

describe.each(families)('the parts of scores in %s', name => {
  it('make PyTorch’s pattern', async () => {
    const model = await opened(name)
    const { nLayers, nHeads, dHead } = model.config!
    const expected = await readGolden(join(golden, name, 'golden.safetensors'))
    const ids = [...(await expected.read('input_ids'))]
    for (let layer = 0; layer < nLayers; layer++) {
      const pattern = await expected.read(`pattern.${layer}`)
      for (let head = 0; head < nHeads; head++) {
        const query = ids.length - 1 - head
        const params = { layer, head, query }
        const result = await analysed(workbench, model, 'query-key', params, { ids })
        const row = (head * ids.length + query) * ids.length
        const made = softmaxOfParts(result)
        const at = `layer ${layer}, head ${head}`
        for (let key = 0; key < ids.length; key++)
          expect(made[key], `${at}, key ${key}`).toBeCloseTo(pattern[row + key]!, 4)
        const product = numbers(result, 'product')
        const dots = ids.map((_, key) =>
          product.slice(key * dHead, (key + 1) * dHead).reduce((sum, own) => sum + own, 0)
        )
        expect(numbers(result, 'dot'), at).toEqual(dots)
        // What the model's own float32 leaves beside sums in float64.
        const score = numbers(result, 'score')
        numbers(result, 'score_rest').forEach((rest, key) => {
          if (score[key] === -Infinity) expect(rest).toBeNaN()
          else expect(Math.abs(rest), at).toBeLessThan(2e-5 * Math.max(1, Math.abs(score[key]!)))
        })
        expect(numbers(result, 'highest')).toEqual([Math.max(...score)])
        const taken = 'sink' in result.variables ? numbers(result, 'sink_weight') : []
        const all = [...numbers(result, 'softmax'), ...taken].reduce((sum, own) => sum + own)
        expect(all, at).toBeCloseTo(1, 9)
        for (const rest of numbers(result, 'weight_rest'))
          expect(Math.abs(rest), at).toBeLessThan(1e-6)
      }
    }
  })
})

it('says which of them there are', async () => {
  const of = async (name: string) =>
    analysed(workbench, await opened(name), 'query-key', { layer: 0, head: 1, query: 3 }, { ids })
  const ids = [5, 6, 7, 8, 9]
  const [gpt2, gemma2, bloom] = await Promise.all(['gpt2', 'gemma2', 'bloom'].map(of))
  expect(gpt2!.attributes).toMatchObject({
    query_hook: 'blocks.0.attn.hook_q',
    key_hook: 'blocks.0.attn.hook_k'
  })
  expect(gpt2!.attributes).not.toHaveProperty('key_value_head')
  expect(numbers(gpt2!, 'soft_cap')).toEqual([NaN])
  expect(numbers(gpt2!, 'score')[4]).toBe(-Infinity)
  expect(gemma2!.attributes).toMatchObject({
    query_hook: 'blocks.0.attn.hook_rot_q',
    key_value_head: 0
  })
  expect(numbers(gemma2!, 'soft_cap')[0]).toBeGreaterThan(0)
  expect(numbers(gemma2!, 'capped')).not.toEqual(numbers(gemma2!, 'scaled'))
  expect(numbers(bloom!, 'bias').map(bias => bias / numbers(bloom!, 'bias')[1]!)).toEqual([
    0, 1, 2, 3, 4
  ])
})

it('leaves what an edit of scores and patterns changes beside the parts', async () => {
  const { path, fingerprint } = await opened('gpt2')
  const ids = [5, 6, 7, 8]
  const run = async (edits: object[]) =>
    workbench.handlers['analysis.run'](
      {
        name: 'query-key',
        params: { layer: 1, head: 2, query: 3 },
        of: {
          model: { path, fingerprint },
          corpus: { inputs: [{ ids }], window: null, stride: null },
          edits: edits as never,
          provider: 'cpu'
        },
        with: null
      },
      uncancelled()
    )
  const at = { head: [2], query: [3], key: [1] }
  const scores = { hook: 'blocks.1.attn.hook_attn_scores', at, scale: 1, add: 2 }
  const pattern = { hook: 'blocks.1.attn.hook_pattern', at, scale: 0, add: null }
  const [plain, raised, without] = [await run([]), await run([scores]), await run([pattern])]
  expect(numbers(raised, 'score_rest')[1]).toBeCloseTo(2, 5)
  expect(numbers(raised, 'score_rest')[2]).toBeCloseTo(0, 5)
  expect(numbers(raised, 'weight')[1]).toBeGreaterThan(numbers(plain, 'weight')[1]!)
  expect(numbers(without, 'weight')[1]).toBe(0)
  expect(numbers(without, 'weight_rest')[1]).toBeCloseTo(-numbers(plain, 'weight')[1]!, 5)
})

it.each([
  ['a position that the text does not have', 'gpt2', { query: 4 }, /query.*4/],
  ['a head that there is not', 'gpt2', { head: 99 }, /head.*99/],
  ['a block that there is not', 'gpt2', { layer: 99 }, /layer.*99/],
  ['a graph that does not say how it scores', 'onnx-gpt2', {}, /not known how this graph/]
])('refuses %s', async (_, name, params, message) => {
  const model = await opened(name)
  const all = { layer: 0, head: 0, query: 0, ...params }
  const ids = [5, 6, 7, 8]
  await expect(analysed(workbench, model, 'query-key', all, { ids })).rejects.toThrow(message)
})
