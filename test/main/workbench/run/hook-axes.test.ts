import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TransformerSpec } from '#common/model/spec.ts'
import { hookAxes } from '../../../../src/main/workbench/run/hook-axes.ts'
import { projectRoot, openedModel } from '../../../golden/workbench.ts'

const shape = (spec: TransformerSpec, hook: string) =>
  hookAxes(spec, hook, 7).map(({ length }) => length)

describe('the axes of a hook', () => {
  it('are as wide as what is embedded, before or after it is projected', async () => {
    const folder = join(projectRoot, 'test/golden/opt')
    const { spec } = await openedModel(folder)
    const narrow = (of: 'tokens' | 'sum'): TransformerSpec => ({
      ...spec!,
      embedding: {
        ...spec!.embedding,
        width: 4,
        projection: { of, weight: 'w', bias: null, stacked: null, stored: 'out,in' }
      }
    })
    expect(shape(narrow('tokens'), 'hook_embed')).toEqual([7, 4])
    expect(shape(narrow('tokens'), 'hook_pos_embed')).toEqual([7, spec!.dModel])
    expect(shape(narrow('sum'), 'hook_pos_embed')).toEqual([7, 4])
    expect(shape(narrow('tokens'), 'blocks.0.hook_resid_pre')).toEqual([7, spec!.dModel])
  })

  it('count the neurons and the experts of their own block', async () => {
    const { spec } = await openedModel(join(projectRoot, 'test/golden/qwen2_moe'))
    const [block] = spec!.blocks
    const mlp = block!.mlp
    if (mlp?.kind !== 'experts') throw new Error('not the model that it was')
    const mixed = { ...spec!, blocks: [{ ...block!, mlp: mlp.experts[0]! }, block!] }
    expect(shape(mixed, 'blocks.0.mlp.hook_post')).toEqual([7, 32])
    expect(shape(mixed, 'blocks.1.mlp.hook_post')).toEqual([7, 4 * 32 + 40])
    expect(shape(mixed, 'blocks.1.mlp.hook_router')).toEqual([7, 4])
  })

  it('count the key/value heads of keys and values alone', async () => {
    const folder = join(projectRoot, 'test/golden/llama')
    const { spec } = await openedModel(folder)
    const { nHeads, nKeyValueHeads, dHead } = spec!
    expect(nKeyValueHeads).toBeLessThan(nHeads)
    for (const hook of ['k', 'v', 'rot_k'])
      expect(shape(spec!, `blocks.0.attn.hook_${hook}`)).toEqual([7, nKeyValueHeads, dHead])
    for (const hook of ['q', 'z', 'rot_q'])
      expect(shape(spec!, `blocks.0.attn.hook_${hook}`)).toEqual([7, nHeads, dHead])
    expect(shape(spec!, 'blocks.0.attn.hook_pattern')).toEqual([nHeads, 7, 7])
  })
})
