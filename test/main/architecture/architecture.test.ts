import { describe, expect, it } from 'vitest'
import { TransformerSpec } from '../../../src/common/model/spec.ts'
import { architectureOf } from '../../../src/main/architecture/architecture.ts'
import { buildBlock } from '../../../src/main/architecture/builder/block.ts'
import { buildUnembedding } from '../../../src/main/architecture/builder/ends.ts'
import { blockHooksOf, hooksOf } from '../../../src/main/architecture/hooks-of.ts'
import { rolesOf } from '../../../src/main/architecture/roles.ts'
import { families } from '../../golden/families.ts'
import { goldenModel, goldenSpec } from './golden-models.ts'

describe.each(families)('%s', name => {
  it('is a spec that JSON holds whole', async () => {
    const { spec } = await goldenSpec(name)
    expect(TransformerSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })

  it('gives every tensor of the file a role', async () => {
    const { spec, tensors } = await goldenSpec(name)
    const named = new Set(rolesOf(spec).map(({ tensor }) => tensor))
    expect([...tensors.keys()].filter(tensor => !named.has(tensor))).toEqual([])
  })

  it('names each tensor that has another shape', async () => {
    const { config, tensors } = await goldenModel(name)
    for (const [tensor, entry] of tensors) {
      const other = [...entry.shape, 1]
      const changed = new Map([...tensors, [tensor, { ...entry, shape: other }]])
      expect(() => architectureOf(config, changed)).toThrow(
        `${tensor}: shape [${other.join(', ')}], expected [${entry.shape.join(', ')}] by config.json`
      )
    }
  })

  it('names each tensor that is missing', async () => {
    const { config, tensors } = await goldenModel(name)
    for (const tensor of tensors.keys()) {
      // Which of two names a bias of the head goes by, the file tells.
      if (/^(cls\.predictions|predictions|lm_head)\.bias$/.test(tensor)) continue
      const without = new Map([...tensors].filter(([name]) => name !== tensor))
      expect(() => architectureOf(config, without)).toThrow(/missing, expected/)
    }
  })

  it('has the hooks that its graphs give', async () => {
    const { spec, tensors } = await goldenSpec(name)
    spec.blocks.forEach((block, layer) => {
      const { outputs } = buildBlock(spec, layer, tensors, { results: true })
      expect(['hook_resid_pre', ...outputs.keys()].toSorted()).toEqual(
        blockHooksOf(block).toSorted()
      )
    })
    const outside = hooksOf(spec).filter(hook => !hook.startsWith('blocks.'))
    expect([...buildUnembedding(spec, tensors).outputs.keys()]).toEqual(
      outside.filter(hook => hook === 'logits' || hook.startsWith('ln_final'))
    )
  })
})

describe('a config.json that cannot be', () => {
  it.each([
    [
      'llama',
      { model_type: 'mystery' },
      'unsupported',
      /model_type "mystery" is not a family that runs$/
    ],
    ['llama', { num_attention_heads: 5, head_dim: null }, 'file-invalid', /width of 48 does not/],
    [
      'llama',
      { num_key_value_heads: 3 },
      'file-invalid',
      /4 heads cannot share 3 key\/value heads evenly/
    ],
    ['llama', { head_dim: 1e9 }, 'file-invalid', /head_dim must be a whole number from 1/],
    ['llama', { architectures: 7 }, 'file-invalid', /architectures must be a list of texts, got 7/],
    [
      'gptj',
      { rotary_dim: 64 },
      'file-invalid',
      /^config\.json: rotary_dim must be a whole number from 1 to 16, got 64$/
    ],
    [
      'stablelm',
      { rope_parameters: { partial_rotary_factor: 0.01 } },
      'file-invalid',
      /^config\.json: rope_parameters\.partial_rotary_factor must be at least 1 \/ 16, for heads so wide, got 0\.01$/
    ],
    [
      'phi3-longrope',
      {
        rope_parameters: null,
        rope_scaling: { type: 'longrope', factor: 8, short_factor: [1], long_factor: [1] }
      },
      'file-invalid',
      /^config\.json: rope_scaling\.short_factor must be a list of \d numbers, one for each pair that turns, got \[1\]$/
    ],
    [
      'llama',
      { head_dim: 15 },
      'file-invalid',
      /^config\.json: describes a model that cannot be \(blocks\.0\.attention\.positions\.dims: /
    ],
    [
      'bert',
      { position_embedding_type: 'relative_key' },
      'unsupported',
      /position_embedding_type is "relative_key", which cannot be computed$/
    ],
    [
      'bloom',
      { apply_residual_connection_post_layernorm: true },
      'unsupported',
      /apply_residual_connection_post_layernorm is true/
    ]
  ])('%s with %j', async (name, changes, code, message) => {
    const { config, tensors } = await goldenModel(name, changes)
    const reading = () => architectureOf(config, tensors)
    expect(reading).toThrow(message)
    expect(reading).toThrow(expect.objectContaining({ code }))
  })
})
