import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import { RotarySpec } from '#common/model/attention-spec.ts'
import { readConfig } from '../../../src/main/architecture/config-reader.ts'
import { rotaryOf } from '../../../src/main/architecture/rotary-config.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from '../compare.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'

/** What NumPy, scikit-learn and transformers compute. */
const folder = join(import.meta.dirname, 'positions')

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

async function positionsOf(name: string, params: z.core.util.JSONType = {}): Promise<Dataset> {
  const { model } = await editedRuns(workbench, name)
  return analysed(workbench, model, 'positions', params)
}

const found = (result: Dataset, name: string) => Float32Array.from(variable(result, name).data)
const largest = (values: Float32Array) => Math.max(...values.map(Math.abs))

describe.each(['bert', 'gpt2', 'hebrew-minigpt', 'shakespeare-char'])('positions of %s', name => {
  it('gives every number', async () => {
    const reference = await readGolden(join(folder, `${name}.safetensors`))
    const result = await positionsOf(name)
    for (const own of reference.names) {
      expect(shapeOf(result, variable(result, own)), own).toEqual(reference.shape(own))
      const expected = await reference.read(own)
      const within =
        own === 'power' || own === 'pca_scores'
          ? (own === 'power' ? 1e-5 : 1e-4) * largest(expected)
          : own === 'pca_ratio'
            ? 1e-6
            : 1e-5
      if (own === 'order' || own === 'peak')
        expect([...variable(result, own).data], own).toEqual([...expected])
      else expectClose(found(result, own), expected, within, own)
    }
    expect(result.variables['matrix']).toBeUndefined()
    expect(result.attributes['embedding']).toBe('learned')
  })
})

describe('tables', () => {
  interface Rope {
    readonly rope_parameters: Record<string, unknown>
    readonly head_dim: number
    readonly max_position_embeddings: number
    readonly seq_len: number | null
    readonly attention_factor: number
  }
  const ropes = JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8')) as Record<
    string,
    Rope
  >
  const tables = () => readGolden(join(folder, 'tables.safetensors'))

  it.each(Object.entries(ropes))('%s', async (name, rope) => {
    const { read } = await tables()
    const { rope_parameters, max_position_embeddings, head_dim, seq_len } = rope
    const config = readConfig({ rope_parameters, max_position_embeddings })
    const table = RotarySpec.parse(rotaryOf(config, head_dim))
    const params = { table, ...(seq_len !== null && { length: seq_len }) }
    const result = await positionsOf('gpt2', JSON.parse(JSON.stringify(params)) as never)
    const expected = await read(`${name}.inv_freq`)
    const frequencies = variable(result, 'inv_freq').data
    expect(frequencies).toHaveLength(expected.length)
    frequencies.forEach((frequency, i) =>
      expect(Math.abs(frequency / expected[i]! - 1), `pair ${i}`).toBeLessThan(1e-6)
    )
    expect(variable(result, 'wavelength').data[1]).toBeCloseTo((2 * Math.PI) / frequencies[1]!, 6)
    expectClose(found(result, 'decay'), await read(`${name}.decay`), 1e-5, 'decay')
    expect(variable(result, 'attention_factor').data[0]).toBeCloseTo(rope.attention_factor, 12)
    expect(Object.keys(result.variables)).not.toContain('adjacent')
  })

  it.each([4, 6, 8, 12])('slopes of %i heads', async heads => {
    const { read } = await tables()
    const result = await positionsOf('gpt2', { table: { kind: 'alibi', heads }, distances: 3 })
    const expected = await read(`alibi.${heads}`)
    expectClose(found(result, 'slopes'), expected, 1e-6, 'slopes')
    const bias = variable(result, 'bias').data
    expect(bias).toHaveLength(heads * 4)
    expect([...bias.slice(4, 8)]).toEqual(
      [0, 1, 2, 3].map(distance => expect.closeTo(-expected[1]! * distance, 6) as number)
    )
  })

  it.each([
    ['sinusoidal.64.32', 'alternating'],
    ['sinusoidal_halves.64.32', 'sines-first'],
    ['sinusoidal.200.128', 'alternating'],
    ['sinusoidal_halves.200.128', 'sines-first']
  ])('%s', async (name, order) => {
    const { read, shape } = await tables()
    const [length = 0, width = 0] = shape(name)
    const table = { kind: 'sinusoidal', length, width, order }
    const result = await positionsOf('gpt2', { table, values: true, size: 100 })
    expectClose(found(result, 'matrix'), await read(name), 1e-5, name)
    expect(shapeOf(result, variable(result, 'matrix'))).toEqual([length, width])
    const other = await positionsOf('gpt2', { table: { ...table, base: 100 }, values: true })
    const last = order === 'alternating' ? width - 2 : width / 2 - 1
    const slowest = 100 ** (-(width - 2) / width)
    expect(variable(other, 'matrix').data[width + last]).toBeCloseTo(Math.sin(slowest), 6)
    // Of 200 positions every second one.
    const cosine = variable(result, 'cosine')
    const step = length > 100 ? 2 : 1
    expect(shapeOf(result, cosine)).toEqual([length / step, length / step])
    const rows = found(result, 'matrix')
    let product = 0
    for (let i = 0; i < width; i++) product += rows[i]! * rows[step * width + i]!
    // Sines and cosines of one angle: every row has the norm √(width / 2).
    expect(cosine.data[1]).toBeCloseTo(product / (width / 2), 6)
    expect(result.attributes['cosine_of']).toBe(step === 1 ? undefined : 'one position in 2')
  })
})

describe('of models', () => {
  it('turn by their own scaling, and which layers are alike is said', async () => {
    const [yarn, plain] = [await positionsOf('llama-yarn'), await positionsOf('llama')]
    expect(variable(yarn, 'attention_factor').data[0]).toBeGreaterThan(1)
    expect(variable(plain, 'attention_factor').data[0]).toBe(1)
    expect(plain.attributes['alike_layers']).toEqual([0, 1, 2])
    const short = await positionsOf('llama-dynamic')
    const long = await positionsOf('llama-dynamic', { length: 10_000 })
    expect(variable(long, 'inv_freq').data.at(-1)!).toBeLessThan(
      variable(short, 'inv_freq').data.at(-1)!
    )
    // One layer sees all of the text, others a window; they turn by different bases.
    const first = await positionsOf('modernbert', { layer: 0 })
    const kinds = first.attributes['alike_layers'] as number[]
    const { config } = (await editedRuns(workbench, 'modernbert')).model
    const another = Array.from({ length: config!.nLayers }, (_, layer) => layer).find(
      layer => !kinds.includes(layer)
    )
    const other = await positionsOf('modernbert', { layer: another! })
    expect(variable(other, 'inv_freq').data[1]).not.toBe(variable(first, 'inv_freq').data[1])
  })

  it('have slopes, with the scale of their biases', async () => {
    const { nHeads } = await editedRuns(workbench, 'falcon-alibi')
    const bloom = await positionsOf('bloom')
    expect(shapeOf(bloom, variable(bloom, 'slopes'))).toEqual([
      (await editedRuns(workbench, 'bloom')).nHeads
    ])
    const falcon = await positionsOf('falcon-alibi', { distances: 1 })
    const { scale } = falcon.attributes['alibi'] as { scale: number }
    expect(scale).not.toBe(1)
    const slope = variable(falcon, 'slopes').data[0]!
    expect(variable(falcon, 'bias').data[1]).toBeCloseTo(-slope * scale, 3)
    expect(shapeOf(falcon, variable(falcon, 'bias'))).toEqual([nHeads, 2])
  })

  it('are looked at as far as is asked for', async () => {
    const some = await positionsOf('opt', { positions: 5, values: true })
    const all = await positionsOf('opt', { values: true })
    const { nCtx } = (await editedRuns(workbench, 'opt')).model.config!
    const width = some.axes['dimension']!.length
    expect(shapeOf(some, variable(some, 'matrix'))).toEqual([5, width])
    expect(some.attributes['positions']).toBe(`the first 5 of ${nCtx}`)
    expect([...variable(some, 'matrix').data]).toEqual([
      ...variable(all, 'matrix').data.slice(0, 5 * width)
    ])
  })
})

it.each([
  ['llama', { layer: 99 }, /layer 99/],
  ['gpt2', { layer: 0 }, /the attention of layer 0 tells no positions/],
  ['onnx-bert', {}, /how it tells positions is not known/],
  ['gpt2', { table: { kind: 'sinusoidal', length: 16_384, width: 16_384 } }, /16,777,216/],
  ['gpt2', { table: { kind: 'alibi', heads: 0 } }, /heads/],
  ['gpt2', { table: { kind: 'rotary', dims: 8, base: -1 } }, /base/],
  ['gpt2', { distances: -1 }, /distances/]
])('of %s with %j are refused', async (name, params, message) => {
  await expect(positionsOf(name, params)).rejects.toThrow(message)
})
