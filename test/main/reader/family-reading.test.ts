import { describe, expect, it } from 'vitest'
import {
  openCheckpoint,
  type Checkpoint,
  type TensorEntry
} from '../../../src/main/checkpoint/checkpoint.ts'
import { readByFamily } from '../../../src/main/reader/family-reading.ts'
import { withAliases } from '../../../src/main/reader/aliases.ts'
import { golden } from '../../golden/models.ts'
import { goldenModel } from '../architecture/golden-models.ts'
import { join } from 'node:path'

/** A golden's checkpoint with its tensors under other names, as if they were stored so. */
async function storedAs(model: string, name: (own: string) => string): Promise<Checkpoint> {
  const checkpoint = withAliases(await openCheckpoint(join(golden, model, 'model.safetensors')))
  const tensors = new Map<string, TensorEntry>()
  for (const [own, entry] of checkpoint.tensors)
    tensors.set(name(own), { ...entry, name: name(entry.name) })
  return { ...checkpoint, tensors }
}

describe('a model that was stored from inside of a wrapper', () => {
  it.each([
    ['gpt2', '_orig_mod.', (own: string) => `_orig_mod.${own}`],
    ['gpt2', 'module.', (own: string) => `module.${own}`],
    ['bert', 'student.', (own: string) => `student.${own}`],
    ['llama', 'state.model.', (own: string) => `state.model.${own}`],
    [
      'llama',
      '_fsdp_wrapped_module.',
      (own: string) =>
        `_fsdp_wrapped_module.${own.replace(/layers\.(\d+)\./, 'layers.$1._fsdp_wrapped_module.')}`
    ],
    [
      'llama',
      'model.',
      // With the head outside of what was wrapped.
      (own: string) => (own.startsWith('lm_head') ? own : `model.${own}`)
    ]
  ])('%s behind "%s" is read by the names inside, and says so', async (model, word, name) => {
    const { config } = await goldenModel(model)
    const reading = readByFamily(config, await storedAs(model, name))
    const plain = readByFamily(config, await storedAs(model, own => own))
    expect(reading.spec).toEqual(plain.spec)
    expect([...reading.checkpoint.tensors.keys()]).toEqual([...plain.checkpoint.tensors.keys()])
    for (const [own, entry] of reading.checkpoint.tensors)
      expect(entry).toEqual(plain.checkpoint.tensors.get(own))
    expect(reading.notes).toEqual([expect.stringContaining(`read without "${word}"`)])
    expect(plain.notes).toEqual([])
    expect([reading.unlikeStored, plain.unlikeStored]).toEqual(['names', null])
  })

  it('keeps the names of what stands beside the model', async () => {
    const { config } = await goldenModel('gpt2')
    const stored = await storedAs('gpt2', own => `net.${own}`)
    const [first] = stored.tensors.values()
    const tensors = new Map([...stored.tensors, ['rng.state', { ...first!, name: 'rng.state' }]])
    const { checkpoint } = readByFamily(config, { ...stored, tensors })
    expect(checkpoint.tensors.get('rng.state')!.name).toBe('rng.state')
    expect(checkpoint.tensors.has('transformer.wte.weight')).toBe(true)
  })

  it('is not read where a wrapped and a bare copy would get one name', async () => {
    const { config } = await goldenModel('gpt2', {}, {})
    const wrapped = await storedAs('gpt2', own => `_orig_mod.${own}`)
    const name = 'transformer.wte.weight'
    const bare = { ...wrapped.tensors.get(`_orig_mod.${name}`)!, name }
    const tensors = new Map([...wrapped.tensors, [name, bare]])
    expect(() => readByFamily(config, { ...wrapped, tensors })).toThrow(/missing, expected/)
  })

  it('whose tensors fit in no way is refused by the names that it has', async () => {
    const { config } = await goldenModel('gpt2')
    const stored = await storedAs('gpt2', own => `net.${own}`)
    const tensors = new Map([...stored.tensors].filter(([name]) => !name.endsWith('wpe.weight')))
    expect(() => readByFamily(config, { ...stored, tensors })).toThrow(
      'transformer.wte.weight: missing, expected [96, 48]'
    )
  })
})

describe('a model whose head is not there, or does not fit', () => {
  const without = (checkpoint: Checkpoint, head: RegExp): Checkpoint => ({
    ...checkpoint,
    tensors: new Map([...checkpoint.tensors].filter(([name]) => !head.test(name)))
  })

  it.each([
    ['llama', '', /lm_head/, 'lm_head.weight: missing, expected [96, 48]'],
    ['llama', 'net.', /lm_head/, 'lm_head.weight: missing, expected [96, 48]'],
    ['bert', '', /^cls/, 'cls.predictions.transform.dense.weight: missing, expected [48, 48]'],
    ['bert', 'encoder.', /cls/, 'cls.predictions.transform.dense.weight: missing']
  ])('%s behind "%s" is read up to it, and says so', async (model, prefix, head, why) => {
    const { config } = await goldenModel(model)
    const plain = readByFamily(config, await storedAs(model, own => own))
    const stored = without(await storedAs(model, own => prefix + own), head)
    const { spec, limits } = readByFamily(config, stored)
    expect(spec).toEqual({ ...plain.spec, unembedding: null })
    expect(limits[0]).toContain(why)
    expect(limits[0]).toMatch(/its head does not fit, so there are no logits/)
    const isTied = model === 'bert'
    expect(limits.slice(1)).toEqual(
      isTied ? [] : [expect.stringMatching(/tie_word_embeddings of config.json has to be true/)]
    )
  })

  it('is read with it where other names are those of a model that has one', async () => {
    const { config } = await goldenModel('llama')
    // The blocks stand where they are looked for under these names, too.
    const stored = await storedAs('llama', own => `language_model.${own}`)
    expect(readByFamily(config, stored).spec.unembedding).not.toBeNull()
  })
})

describe('a config.json without model_type', () => {
  it.each([
    ['gpt2', 'GPT2LMHeadModel'],
    ['gpt_neox', 'GPTNeoXForCausalLM'],
    ['roberta', 'RobertaForMaskedLM'],
    ['qwen3', 'Qwen3ForCausalLM'],
    ['olmo2', 'Olmo2Model'],
    ['gpt_bigcode', 'GPTBigCodeForCausalLM'],
    ['mpt', 'MPTForCausalLM']
  ])('is read as %s by the class that it names', async (family, architecture) => {
    const { config } = await goldenModel(family, {
      model_type: undefined,
      architectures: [architecture]
    })
    const reading = readByFamily(config, await storedAs(family, own => own))
    expect(reading).toMatchObject({ family, notes: [] })
  })

  it.each([
    ...[
      'gpt2',
      'bert',
      'bloom',
      'distilbert',
      'gpt_neo',
      'opt',
      'qwen3',
      'olmo2',
      'mpt',
      'codegen'
    ],
    ...['llama', 'mistral', 'smollm3', 'olmo3', 'granite']
  ])('nor architectures is read as %s, which alone fits its tensors and fields', async family => {
    const { config } = await goldenModel(family, {
      model_type: undefined,
      architectures: undefined
    })
    const reading = readByFamily(config, await storedAs(family, own => own))
    expect(reading.family).toBe(family)
    expect(reading.notes).toEqual([
      `config.json says no model_type: what fits its tensors is ${family}.`
    ])
  })

  it('is read as the family that uses the most of its tensors, whatever fields it has', async () => {
    const { config } = await goldenModel('qwen2', {
      model_type: undefined,
      architectures: undefined,
      sliding_window: 8
    })
    const stored = await storedAs('qwen2', own => own)
    expect(readByFamily(config, stored).family).toBe('qwen2')
  })

  it('is refused where several families would read it as different models', async () => {
    const { config } = await goldenModel('llama', {
      model_type: undefined,
      architectures: undefined,
      no_rope_layers: [1, 1, 0],
      embedding_multiplier: 2
    })
    const stored = await storedAs('llama', own => own)
    expect(() => readByFamily(config, stored)).toThrow(
      'config.json: no model_type says what it is, and its tensors are those of smollm3, granite'
    )
  })

  it.each([
    [{ model_type: 'mamba' }, 'model_type "mamba" is not a family that runs'],
    [{ architectures: ['MambaForCausalLM'] }, 'architectures "MambaForCausalLM" is not a family'],
    [{ model_type: 7 }, 'model_type 7 is not a family that runs']
  ])('or one that no family reads is refused in words: %j', async (config, message) => {
    const stored = await storedAs('gpt2', own => own)
    expect(() => readByFamily(config, stored)).toThrow(message)
  })
})
