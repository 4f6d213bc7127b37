import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { architectureOf } from '../../src/main/architecture/architecture.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { expectClose } from './compare.ts'
import { cpuSource, modelIn, startWorkbench, uncancelled } from './workbench.ts'

const config = {
  model_type: 'xglm',
  architectures: ['XGLMForCausalLM'],
  d_model: 16,
  attention_heads: 2,
  ffn_dim: 24,
  num_layers: 2,
  vocab_size: 20,
  max_position_embeddings: 32,
  activation_function: 'relu'
}
const [dModel, nHeads, dHead, dMlp, dVocab, nLayers] = [16, 2, 8, 24, 20, 2]
const ids = [3, 1, 4, 1, 5, 9, 2, 6]

let workbench: Workbench
let folder: string
beforeAll(async () => {
  workbench = await startWorkbench()
  folder = mkdtempSync(join(tmpdir(), 'lamella-xglm-'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(randomTensors()))
})
afterAll(async () => {
  await workbench.close()
  rmSync(folder, { recursive: true, force: true })
})

it('XGLM is what a plain forward pass after its paper and its published code computes', async () => {
  const { tensors } = await openCheckpoint(folder)
  const weights = new Map<string, Float32Array>()
  for (const [name, entry] of tensors) weights.set(name, await readFloat32(entry))
  const expected = forward(name => weights.get(`model.${name}`)!)

  const { handlers } = workbench
  const model = await modelIn(workbench, folder)
  expect(model).toMatchObject({ family: 'xglm', notRunnable: null })
  const source = cpuSource(model, { ids })
  const { id: runId } = await handlers['runs.start']({ source }, uncancelled())
  for (const [hook, values] of Object.entries(expected)) {
    const { data } = await handlers['runs.value']({ runId, hook, exact: true }, uncancelled())
    expectClose(data, Float32Array.from(values), 1e-4, hook)
  }

  // A logit's gradient: what it changes by, for a step of each row of the embedding as it enters.
  const target = { kind: 'logit', position: 7, token: 11 } as const
  const { embed } = await handlers['runs.gradient']({ runId, target, hooks: [] }, uncancelled())
  const step = 1e-4
  const measured = embed.data.map((_, i) => {
    const [up, down] = [step, -step].map(by => {
      const moved = forward(name => weights.get(`model.${name}`)!, { at: i, by })
      return moved['logits']![target.position * dVocab + target.token]!
    })
    return (up! - down!) / (2 * step)
  })
  expectClose(embed.data, measured, 1e-3, 'grad_embed')
})

it('XGLM is read by its fields under either name, and refused where a place of positions is blank', async () => {
  const { tensors } = await openCheckpoint(folder)
  const { spec } = architectureOf(config, tensors)
  const { d_model, attention_heads, num_layers, ...rest } = config
  const other = {
    ...rest,
    hidden_size: d_model,
    num_attention_heads: attention_heads,
    num_hidden_layers: num_layers
  }
  expect(architectureOf(other, tensors).spec).toEqual(spec)
  const plain = architectureOf({ ...config, scale_embedding: false }, tensors).spec
  expect([spec.embedding.scale, plain.embedding.scale]).toEqual([4, 1])
  expect(() => architectureOf({ ...config, pad_token_id: 2 }, tensors)).toThrow(
    'config.json: pad_token_id is 2, which cannot be computed'
  )
})

type Rows = number[][]

/**
 * XGLM by its formulas, in double precision.
 * @param moved an entry of the scaled embeddings, and by how much it is moved
 */
function forward(
  weight: (name: string) => Float32Array,
  moved?: { at: number; by: number }
): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  const linear = (x: Rows, module: string): Rows => {
    const [w, b] = [weight(`${module}.weight`), weight(`${module}.bias`)]
    return x.map(row =>
      Array.from(b, (bias, out) =>
        row.reduce((sum, value, i) => sum + value * w[out * row.length + i]!, bias)
      )
    )
  }
  const norm = (x: Rows, module: string): Rows => {
    const [scale, shift] = [weight(`${module}.weight`), weight(`${module}.bias`)]
    return x.map(row => {
      const mean = row.reduce((a, b) => a + b) / row.length
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
      return row.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * scale[i]! + shift[i]!)
    })
  }
  const sum = (a: Rows, b: Rows) => a.map((row, i) => row.map((value, j) => value + b[i]![j]!))

  const table = weight('embed_tokens.weight')
  const half = dModel / 2
  const embedded = ids.map((id, pos) =>
    Array.from({ length: dModel }, (_, i) => {
      const by = moved?.at === pos * dModel + i ? moved.by : 0
      return table[id * dModel + i]! * Math.sqrt(dModel) + by
    })
  )
  const places = ids.map((_, pos) =>
    Array.from({ length: dModel }, (_, i) => {
      const turn = Math.exp((-(i % half) * Math.log(10000)) / (half - 1))
      return i < half ? Math.sin((pos + 2) * turn) : Math.cos((pos + 2) * turn)
    })
  )
  let x = sum(embedded, places)
  for (let layer = 0; layer < nLayers; layer++) {
    found[`blocks.${layer}.hook_resid_pre`] = x.flat()
    const module = (name: string) => `layers.${layer}.${name}`
    const read = norm(x, module('self_attn_layer_norm'))
    const [q, k, v] = ['q', 'k', 'v'].map(of => linear(read, module(`self_attn.${of}_proj`)))
    const patterns: number[] = []
    const mixed = ids.map(() => new Array<number>(dModel).fill(0))
    for (let head = 0; head < nHeads; head++) {
      const own = (row: number[]) => row.slice(head * dHead, (head + 1) * dHead)
      ids.forEach((_, query) => {
        const scores = ids.map((_, key) => {
          if (key > query) return -Infinity
          const dot = own(q![query]!).reduce((s, a, i) => s + a * own(k![key]!)[i]!, 0)
          return dot / Math.sqrt(dHead)
        })
        const largest = Math.max(...scores)
        const powers = scores.map(score => Math.exp(score - largest))
        const total = powers.reduce((a, b) => a + b)
        powers.forEach((power, key) => {
          patterns.push(power / total)
          own(v![key]!).forEach(
            (value, i) => (mixed[query]![head * dHead + i]! += (power / total) * value)
          )
        })
      })
    }
    found[`blocks.${layer}.attn.hook_pattern`] = patterns
    x = sum(x, linear(mixed, module('self_attn.out_proj')))
    const pre = linear(norm(x, module('final_layer_norm')), module('fc1'))
    const post = pre.map(row => row.map(value => Math.max(value, 0)))
    x = sum(x, linear(post, module('fc2')))
  }
  const last = norm(x, 'layer_norm')
  found['ln_final.hook_normalized'] = last.flat()
  found['logits'] = last.flatMap(row =>
    Array.from({ length: dVocab }, (_, token) =>
      row.reduce((total, value, i) => total + value * table[token * dModel + i]!, 0)
    )
  )
  return found
}

/** Weights drawn so large that attention is far from uniform. */
function randomTensors(): Parameters<typeof soundSafetensors>[0] {
  let state = 7
  const drawn = (count: number, size: number, around = 0) =>
    Float32Array.from({ length: count }, () => {
      state = (state * 48271) % 2147483647
      return around + size * ((2 * state) / 2147483647 - 1)
    })
  const of = (name: string, shape: number[], size: number, around = 0) => {
    const values = drawn(
      shape.reduce((a, b) => a * b),
      size,
      around
    )
    return {
      name: `model.${name}`,
      dtype: 'F32',
      shape,
      data: new Uint8Array(values.buffer)
    }
  }
  const linear = (module: string, outputs: number, inputs: number) => [
    of(`${module}.weight`, [outputs, inputs], 0.6),
    of(`${module}.bias`, [outputs], 0.3)
  ]
  const norm = (module: string) => [
    of(`${module}.weight`, [dModel], 0.4, 1),
    of(`${module}.bias`, [dModel], 0.2)
  ]
  return [
    of('embed_tokens.weight', [dVocab, dModel], 0.5),
    ...Array.from({ length: nLayers }, (_, layer) => `layers.${layer}`).flatMap(layer => [
      ...norm(`${layer}.self_attn_layer_norm`),
      ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap(name =>
        linear(`${layer}.self_attn.${name}`, dModel, dModel)
      ),
      ...norm(`${layer}.final_layer_norm`),
      ...linear(`${layer}.fc1`, dMlp, dModel),
      ...linear(`${layer}.fc2`, dModel, dMlp)
    ]),
    ...norm('layer_norm')
  ]
}
