import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { architectureOf } from '../../src/main/architecture/architecture.ts'
import { blockInputs } from '../../src/main/architecture/block-inputs.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import { gradient } from '../../src/main/graph/gradient.ts'
import { writeOnnx } from '../../src/main/graph/onnx.ts'
import { positionEmbeddings, tokenEmbeddings } from '../../src/main/workbench/run/embeddings.ts'
import type { RunnableModel } from '../../src/main/workbench/run/parts.ts'
import { runOnnx, type Feeds } from '../main/graph/measure.ts'
import { expectClose, readGolden } from './compare.ts'
import { families } from './families.ts'
import { wholeModel } from './whole-model.ts'
import { projectRoot } from './workbench.ts'

/** Relative to the largest entry. */
const tolerance = 1e-3

describe('the gradient of a logit with respect to the embedding, as PyTorch', () => {
  it.each(families)('%s', async name => {
    const folder = join(projectRoot, 'test/golden', name)
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object
    const checkpoint = await openCheckpoint(join(folder, 'model.safetensors'))
    const { spec } = architectureOf({ ...config }, checkpoint.tensors)
    const golden = await readGolden(join(folder, 'golden.safetensors'))
    const ids = [...(await golden.read('input_ids'))]
    const [position, token] = await golden.read('target')

    const { graph, embed, logits } = wholeModel(spec, checkpoint.tensors)
    const seed = graph.input('seed', 'float32', logits.shape)
    const [towards] = gradient(graph, logits, seed, [embed])
    graph.output('gradient', towards!)

    const model = { spec, checkpoint } as RunnableModel
    const positions = await positionEmbeddings(model, ids)
    const chosen = new Float32Array(ids.length * spec.dVocab)
    chosen[position! * spec.dVocab + token!] = 1
    const feeds: Record<string, Feeds[string]> = {
      hook_embed: plain(await tokenEmbeddings(model, ids)),
      seed: plain({ shape: [ids.length, spec.dVocab], data: chosen })
    }
    if (positions !== null) feeds.hook_pos_embed = plain(positions)
    spec.blocks.forEach((_, layer) => {
      for (const [input, tensor] of Object.entries(blockInputs(spec, layer, ids.length)))
        feeds[`blocks.${layer}.${input}`] = plain(tensor)
    })
    for (const { name: weight } of graph.weights) {
      const entry = checkpoint.tensors.get(weight)!
      feeds[weight] = plain({ shape: entry.shape, data: await readFloat32(entry) })
    }

    const { gradient: result } = await runOnnx(graph, feeds, writeOnnx(graph))
    const expected = await golden.read('grad_embed')
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(largest).toBeGreaterThan(0)
    expectClose(Float32Array.from(result!.data), expected, tolerance * largest, 'grad_embed')
  })
})

function plain({ shape, data }: Tensor): Feeds[string] {
  return { shape, data: Array.from(data) }
}
