import { describe, expect, it } from 'vitest'
import { buildUnembedding } from '../../../src/main/architecture/builder/ends.ts'
import { encoders, families } from '../../golden/families.ts'
import { goldenSpec } from './golden-models.ts'

const decoders = families.filter(name => !encoders.includes(name))
const languageHeads =
  /^(lm_head|embed_out|cls|generator|vocab_|predictions|(head|decoder)\.|model\.decoder\.project)/

/** A golden model whose config.json says another head, and whose file has these tensors in place of its head. */
async function withHead(
  name: string,
  architecture: string | null,
  head: (dModel: number) => Record<string, number[]>,
  rest: object = {}
) {
  const { spec } = await goldenSpec(name)
  const architectures = architecture === null ? [] : [architecture]
  const changes = { architectures, tie_word_embeddings: true, ...rest }
  return goldenSpec(name, changes, { without: languageHeads, with: head(spec.dModel) })
}

it.each([
  ['regression', /numbers that are asked for/],
  ['multi_label_classification', /each label is a choice of its own/],
  ['single_label_classification', null]
] as const)('labels of problem_type %s say what their probabilities are', async (type, says) => {
  const head = (width: number) => ({ 'score.weight': [2, width] })
  const rest = { problem_type: type }
  const { limits } = await withHead('gpt2', 'AnyForSequenceClassification', head, rest)
  expect(limits).toEqual(says === null ? [] : [expect.stringMatching(says)])
})

describe('of every decoder', () => {
  it.each(decoders)('%s gives labels at every token', async name => {
    for (const module of ['classifier', 'score']) {
      const { spec, tensors, limits } = await withHead(
        name,
        'AnyForTokenClassification',
        width => ({ [`${module}.weight`]: [3, width], [`${module}.bias`]: [3] }),
        { id2label: { 0: 'O', 1: 'B', 2: 'I' } }
      )
      expect(spec.unembedding).toMatchObject({
        from: 'every',
        output: { weight: `${module}.weight`, bias: `${module}.bias` },
        labels: ['O', 'B', 'I'],
        softCap: null
      })
      expect(limits).toEqual([])
      buildUnembedding(spec, tensors)
    }
  })

  it.each(decoders)('%s gives labels of a text, which are not capped', async name => {
    const head = (width: number) => ({ 'score.weight': [2, width] })
    const { spec, limits } = await withHead(name, 'AnyForSequenceClassification', head)
    expect(spec.unembedding).toMatchObject({ from: 'last', output: { bias: null }, softCap: null })
    expect(limits).toEqual([])
  })

  it.each(
    decoders.flatMap(name => [
      [name, 'AnyForQuestionAnswering', 'qa_outputs.weight'],
      [name, null, 'qa_outputs.weight'],
      [name, null, 'score.weight'],
      [name, 'AnyModel', 'v_head.summary.weight'],
      [name, 'AnyForCausalLM', 'value_head.weight'],
      [name, 'AnyDoubleHeadsModel', 'multiple_choice_head.summary.weight']
    ])
  )('%s as %s with %s predicts nothing, and names it', async (name, architecture, tensor) => {
    const { spec, limits } = await withHead(name, architecture, width => ({
      [tensor]: [1, width]
    }))
    expect(spec.unembedding).toBeNull()
    expect(limits).toEqual([expect.stringContaining(tensor)])
    expect(limits[0]).toContain('no logits')
    if (architecture?.includes('For') && !architecture.includes('LM'))
      expect(limits[0]).toContain(architecture)
  })
})

describe('a head', () => {
  it.each([
    [
      'of another width',
      { 'score.weight': [2, 47] },
      'score.weight: shape [2, 47], expected [2, 48]'
    ],
    [
      'of more labels',
      { 'score.weight': [3, 48] },
      'score.weight: shape [3, 48], expected [2, 48]'
    ],
    ['that is missing', {}, 'config.json says LlamaForSequenceClassification']
  ])('%s than config.json says is told, and the rest runs', async (_, head, message) => {
    const labels = { id2label: { 0: 'no', 1: 'yes' } }
    const { spec, limits } = await withHead(
      'llama',
      'LlamaForSequenceClassification',
      () => head,
      labels
    )
    expect(spec.unembedding).toBeNull()
    expect(spec.blocks).toHaveLength(3)
    expect(limits[0]).toContain(message)
  })

  it.each(encoders)('of %s that is not known is told', async name => {
    const { spec, limits } = await withHead(name, 'AnyForQuestionAnswering', width => ({
      'qa_outputs.weight': [2, width],
      'qa_outputs.bias': [2]
    }))
    expect(spec.unembedding).toBeNull()
    expect(limits).toEqual([
      expect.stringMatching(/^config\.json says AnyForQuestionAnswering; .*qa_outputs\.weight/)
    ])
  })

  it('of values beside a stored one of a language leaves that, and is told', async () => {
    const { spec, limits } = await goldenSpec('llama', {}, { with: { 'v_head.weight': [1, 48] } })
    expect(spec.unembedding).toMatchObject({ labels: null, output: { weight: 'lm_head.weight' } })
    expect(limits).toEqual(['v_head.weight: not computed.'])
  })

  it.each([...decoders, ...encoders])('of %s that is its own is told by nothing', async name => {
    const { spec, limits } = await goldenSpec(name)
    expect(spec.unembedding).not.toBeNull()
    expect(limits).toEqual([])
  })

  it('of a text and of images is a language model’s', async () => {
    const changes = { architectures: ['Gemma3ForConditionalGeneration'] }
    const { spec, limits } = await goldenSpec('gemma3', changes)
    expect(spec.unembedding).toMatchObject({ labels: null })
    expect(limits).toEqual([])
  })
})
