import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generator } from '#common/analysis/generator.ts'
import { storeTensors } from '../../e2e/stored-tensors.ts'

/** A tensor of a model that is made by hand: where it lies, and its values by row and column. */
export type Weights = Readonly<Record<string, Matrix>>
export interface Matrix {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface SmallGpt2 {
  readonly layers: number
  readonly heads: number
  readonly seed: number
  /** Standard deviation of weights in blocks. */
  readonly scale?: number
}

export const width = 32
const vocabulary = 8
const hidden = 8

/** A folder with a small GPT-2 of random weights, which `plant` may change before they are written. */
export function smallGpt2(
  { layers, heads, seed, scale = 0.02 }: SmallGpt2,
  plant: (weights: Weights) => void = () => undefined
): string {
  const next = normal(seed)
  const random = (shape: number[], deviation = scale): Matrix => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => deviation * next())
  })
  const all = (size: number, value: number): Matrix => {
    return { shape: [size], data: new Float32Array(size).fill(value) }
  }
  const norm = (name: string) => ({
    [`${name}.weight`]: all(width, 1),
    [`${name}.bias`]: all(width, 0)
  })
  const linear = (name: string, from: number, to: number) => ({
    [`${name}.weight`]: random([from, to]),
    [`${name}.bias`]: all(to, 0)
  })
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const block = `transformer.h.${layer}`
    return {
      ...norm(`${block}.ln_1`),
      ...linear(`${block}.attn.c_attn`, width, 3 * width),
      ...linear(`${block}.attn.c_proj`, width, width),
      ...norm(`${block}.ln_2`),
      ...linear(`${block}.mlp.c_fc`, width, hidden),
      ...linear(`${block}.mlp.c_proj`, hidden, width)
    }
  })
  const weights: Weights = {
    'transformer.wte.weight': random([vocabulary, width], 1),
    'transformer.wpe.weight': random([16, width]),
    'lm_head.weight': random([vocabulary, width]),
    ...norm('transformer.ln_f'),
    ...Object.fromEntries(blocks.flatMap(block => Object.entries(block)))
  }
  plant(weights)
  const folder = mkdtempSync(join(tmpdir(), 'lamella-small-'))
  const config = {
    ...{ model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], vocab_size: vocabulary },
    ...{ n_embd: width, n_head: heads, n_layer: layers, n_positions: 16, n_inner: hidden },
    ...{ activation_function: 'gelu_new', layer_norm_epsilon: 1e-5, tie_word_embeddings: false }
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  storeTensors(
    join(folder, 'model.safetensors'),
    Object.entries(weights).map(([name, { shape, data }]) => {
      return { name, dtype: 'F32', shape, bytes: new Uint8Array(data.buffer) }
    })
  )
  return folder
}

/** Numbers of the normal distribution, by Box and Muller's transform. */
function normal(seed: number): () => number {
  const next = generator(seed)
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}
