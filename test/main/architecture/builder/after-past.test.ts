import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs } from '../../../../src/main/architecture/block-inputs.ts'
import { buildBlock } from '../../../../src/main/architecture/builder/block.ts'
import { pastInputs, presentOutputs } from '../../../../src/main/architecture/builder/inputs.ts'
import { openCheckpoint } from '../../../../src/main/checkpoint/checkpoint.ts'
import { expectClose, readGolden } from '../../../golden/compare.ts'
import { encoders, families } from '../../../golden/families.ts'
import { loadGraph } from '../../../golden/run-graph.ts'
import { projectRoot } from '../../../golden/workbench.ts'
import { goldenSpec } from '../golden-models.ts'

/** Of numbers up to 50. */
const tolerance = 1e-4

/** Models whose tables depend on how long the text is: keys of a shorter one are others. */
const stretched = ['llama-dynamic', 'phi3-longrope']
const others = families.filter(name => ![...stretched, ...encoders].includes(name))

describe.each(others)('blocks of %s', name => {
  it('give of a text in pieces what they give of it whole', async () => {
    const { spec } = await goldenSpec(name)
    const folder = join(projectRoot, 'test/golden', name)
    const { tensors: weights } = await openCheckpoint(folder)
    const golden = await readGolden(join(folder, 'golden.safetensors'))
    const [count = 0] = golden.shape('input_ids')
    for (const layer of spec.blocks.keys()) {
      const data = await golden.read(`hidden.${layer}`)
      const rows = (from: number, to: number): Tensor => ({
        shape: [to - from, spec.dModel],
        data: data.subarray(from * spec.dModel, to * spec.dModel)
      })
      const whole = await loadGraph(buildBlock(spec, layer, weights), weights)
      const expected = await whole.run({
        hook_resid_pre: rows(0, count),
        ...blockInputs(spec, layer, count)
      })
      await whole.release()

      const pieces = await loadGraph(buildBlock(spec, layer, weights, { afterPast: true }), weights)
      const none = { shape: [0, spec.nKeyValueHeads, spec.dHead], data: new Float32Array(0) }
      let past = { key: none, value: none } as { key: Tensor; value: Tensor }
      let from = 0
      for (const to of [5, 6, 7, count]) {
        const found = await pieces.run({
          hook_resid_pre: rows(from, to),
          ...blockInputs(spec, layer, to, from),
          [pastInputs.key]: past.key,
          [pastInputs.value]: past.value
        })
        past = { key: found[presentOutputs.key]!, value: found[presentOutputs.value]! }
        for (const [hook, value] of Object.entries(expected)) {
          const what = `${layer}.${hook} from ${from} to ${to}`
          const piece = /attn.hook_(pattern|attn_scores)/.test(hook)
            ? cells(value, from, to)
            : rowsOf(value, from, to)
          expect(found[hook]!.shape, what).toEqual(piece.shape)
          expectClose(found[hook]!.data, piece.data, tolerance, what)
        }
        from = to
      }
      const key = expected['attn.hook_rot_k'] ?? expected['attn.hook_k']!
      expect(past.key.shape).toEqual(key.shape)
      expectClose(past.key.data, key.data, tolerance, 'keys')
      expectClose(past.value.data, expected['attn.hook_v']!.data, tolerance, 'values')
      await pieces.release()
    }
  })
})

/** Some positions of a value, [pos, …]. */
function rowsOf({ shape: [count = 0, ...rest], data }: Tensor, from: number, to: number): Tensor {
  const width = data.length / count
  return { shape: [to - from, ...rest], data: data.subarray(from * width, to * width) }
}

/** What some queries give to the keys up to them, of [head, query, key]. */
function cells({ shape: [heads = 0, count = 0], data }: Tensor, from: number, to: number): Tensor {
  const found: number[] = []
  for (let head = 0; head < heads; head++)
    for (let query = from; query < to; query++)
      for (let key = 0; key < to; key++) found.push(data[(head * count + query) * count + key]!)
  return { shape: [heads, to - from, to], data: Float32Array.from(found) }
}
