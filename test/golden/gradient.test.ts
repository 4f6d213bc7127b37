import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { passesOf } from './backward.ts'
import { expectClose, readGolden } from './compare.ts'
import { families } from './families.ts'
import { hebrew, projectRoot, shakespeare } from './workbench.ts'

/** Relative to the largest entry. */
const tolerance = 1e-3
const golden = join(projectRoot, 'test/golden')

function expectGradient(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  expectClose(actual, expected, tolerance * largest, what)
}

describe('the gradient of a logit with respect to the embedding, as PyTorch', () => {
  it.each(families)('%s', async name => {
    const folder = join(golden, name)
    const { read } = await readGolden(join(folder, 'golden.safetensors'))
    const [position = 0, token = 0] = await read('target')
    const passes = await passesOf(folder, [...(await read('input_ids'))], 'attn.hook_pattern')
    const seed = new Float32Array(passes.logits.data.length)
    seed[position * passes.logits.shape[1]! + token] = 1
    const { embed } = await passes.backward(seed)
    expectGradient(embed.data, await read('grad_embed'), 'grad_embed')
    await passes.release()
  })
})

interface Target {
  readonly value: number
  readonly pos: number
  readonly token: number
  readonly minus?: number
}

interface Fixture {
  readonly targets: Readonly<Record<string, Target>>
  readonly masked?: readonly number[]
}

describe('the gradient of a number with respect to embedding and patterns, as PyTorch', () => {
  const models = [
    ...['gpt2', 'gpt_neox', 'llama', 'qwen3', 'gemma2', 'bert'].map(name => join(golden, name)),
    shakespeare,
    hebrew
  ].map(folder => [folder.split('/').at(-1)!, folder] as const)

  it.each(models)('%s', async (name, folder) => {
    const file = join(golden, 'analysis/gradients', name)
    const { targets, masked } = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Fixture
    const { read, names } = await readGolden(`${file}.safetensors`)
    const ids = [...(await read('input_ids'))]
    const labels = names.includes('labels') ? [...(await read('labels'))] : null
    const passes = await passesOf(folder, ids, 'attn.hook_pattern')
    const { data, shape } = passes.logits
    const predicted =
      labels === null
        ? ids.slice(1).map((token, pos) => [pos, token] as const)
        : masked!.map(pos => [pos, labels[pos]!] as const)
    const scalars = scalarsOf(data, shape[1]!, predicted)

    for (const [scalar, target] of Object.entries(targets)) {
      const { value, seed } = scalars[scalar as keyof typeof scalars](target)
      expect(value, scalar).toBeCloseTo(target.value, 4)
      const { embed, hooks } = await passes.backward(seed)
      expectGradient(embed.data, await read(`${scalar}.grad`), `${scalar}.grad`)
      const patterns = Float32Array.from(hooks.flatMap(({ data }) => [...data]))
      expectGradient(patterns, await read(`${scalar}.pattern_grad`), `${scalar}.pattern_grad`)
    }
    await passes.release()
  })
})

/** Numbers of logits, and their gradients towards them. */
function scalarsOf(
  logits: Float32Array,
  width: number,
  predicted: readonly (readonly [position: number, token: number])[]
) {
  const probabilities = (pos: number) => {
    const row = [...logits.subarray(pos * width, (pos + 1) * width)]
    const exponentials = row.map(logit => Math.exp(logit - Math.max(...row)))
    const sum = exponentials.reduce((total, value) => total + value, 0)
    return exponentials.map(value => value / sum)
  }
  const seeded = (...entries: (readonly [pos: number, token: number, value: number])[]) => {
    const seed = new Float32Array(logits.length)
    for (const [pos, token, value] of entries) seed[pos * width + token]! += value
    return seed
  }
  const logit = (pos: number, token: number) => logits[pos * width + token]!
  return {
    logit: ({ pos, token }: Target) => ({
      value: logit(pos, token),
      seed: seeded([pos, token, 1])
    }),
    difference: ({ pos, token, minus = 0 }: Target) => ({
      value: logit(pos, token) - logit(pos, minus),
      seed: seeded([pos, token, 1], [pos, minus, -1])
    }),
    probability({ pos, token }: Target) {
      const row = probabilities(pos)
      const own = row[token]!
      const slopes = row.map((other, i) => [pos, i, own * ((i === token ? 1 : 0) - other)] as const)
      return { value: own, seed: seeded(...slopes) }
    },
    loss() {
      const share = 1 / predicted.length
      let value = 0
      const slopes = predicted.flatMap(([pos, token]) => {
        const row = probabilities(pos)
        value -= share * Math.log(row[token]!)
        return row.map((p, i) => [pos, i, share * (p - (i === token ? 1 : 0))] as const)
      })
      return { value, seed: seeded(...slopes) }
    }
  }
}
