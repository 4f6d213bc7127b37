import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predictionsOf } from '#common/analysis/predictions.ts'
import { variable } from '#common/data/dataset.ts'
import { idToken, type Token } from '#common/model/token.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { changedModel, noise } from '../../golden/changed-model.ts'
import { expectClose, readGolden } from '../../golden/compare.ts'
import {
  analysed,
  cpuSource,
  projectRoot,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'

const golden = join(projectRoot, 'test/golden')
const width = 48

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** Runs the golden's own tokens. */
async function run(folder: string, name: string) {
  const expected = await readGolden(join(golden, name, 'golden.safetensors'))
  const { handlers } = workbench
  const model = await handlers['models.open']({ path: folder }, uncancelled())
  const ids = [...(await expected.read('input_ids'))]
  const input = { source: cpuSource(model, { ids }) }
  const { id: runId } = await handlers['runs.start'](input, uncancelled())
  const last = model.config!.nLayers
  return {
    model,
    ids,
    expected,
    hidden: await expected.read(`hidden.${last}`),
    logits: (await handlers['runs.value']({ runId, hook: 'logits', exact: true }, uncancelled()))
      .data,
    predict: async (position: number) =>
      predictionsOf(await analysed(workbench, model, 'predictions', { position, top: 5 }, { ids })),
    probabilities: async () =>
      variable(await analysed(workbench, model, 'token-probabilities', {}, { ids }), 'probability')
        .data as Float32Array
  }
}

/** x · Wᵀ + b. */
function linear(x: Float32Array, w: Float32Array, b?: Float32Array): Float32Array {
  return Float32Array.from({ length: w.length / x.length }, (_, row) =>
    x.reduce((sum, value, i) => sum + value * w[row * x.length + i]!, b?.[row] ?? 0)
  )
}

describe('a head of labels', () => {
  it('reads what the pooler of BERT makes of the first token', async () => {
    const [pool, shift] = [noise(width, width), noise(width)]
    const [out, bias] = [noise(3, width), noise(3)]
    const folder = await changedModel(
      'bert',
      {
        architectures: ['BertForSequenceClassification'],
        id2label: { 0: 'no', 1: 'yes', 2: 'maybe' }
      },
      weights => {
        for (const name of weights.keys()) if (name.startsWith('cls')) weights.delete(name)
        weights.set('bert.pooler.dense.weight', pool).set('bert.pooler.dense.bias', shift)
        weights.set('classifier.weight', out).set('classifier.bias', bias)
      }
    )
    const { model, hidden, logits, predict, probabilities } = await run(folder, 'bert')
    const pooled = linear(hidden.slice(0, width), pool.data, shift.data).map(Math.tanh)
    const expected = linear(pooled, out.data, bias.data)
    expectClose(logits, expected, 1e-4, 'logits')
    expect(model).toMatchObject({ predicts: 'labels', ofText: true })
    const names = ['no', 'yes', 'maybe']
    const [best] = await predict(7)
    expect(best!.token.text).toBe(names[expected.indexOf(Math.max(...expected))])
    // They are of the text.
    expect(best!.position).toBeNull()
    expect([...(await probabilities())].every(Number.isNaN)).toBe(true)
  })

  it('of one label alone weighs it against its absence', async () => {
    const folder = await changedModel(
      'electra',
      { architectures: ['ElectraForPreTraining'] },
      weights => {
        for (const name of weights.keys()) if (name.startsWith('generator')) weights.delete(name)
        weights.set('discriminator_predictions.dense.weight', identity())
        weights.set('discriminator_predictions.dense.bias', noise(width))
        weights.set('discriminator_predictions.dense_prediction.weight', noise(1, width))
        weights.set('discriminator_predictions.dense_prediction.bias', noise(1))
      }
    )
    const { model, ids, logits, predict } = await run(folder, 'electra')
    expect(logits).toHaveLength(ids.length)
    const [only, ...others] = await predict(3)
    expect(others).toEqual([])
    expect(only!.position).toBe(3)
    const all = predictionsOf(await analysed(workbench, model, 'predictions', {}, { ids }))
    expect(all.map(({ position }) => position)).toEqual([...ids.keys()])
    expect(only!.token.text).toBe('replaced')
    expect(only!.probability).toBeCloseTo(1 / (1 + Math.exp(-logits[3]!)), 5)
  })

  it('reads the last token of a decoder', async () => {
    const score = noise(2, width)
    const folder = await changedModel(
      'llama',
      { architectures: ['LlamaForSequenceClassification'] },
      weights => {
        weights.delete('lm_head.weight')
        weights.set('score.weight', score)
      }
    )
    const { model, hidden, logits } = await run(folder, 'llama')
    expectClose(logits, linear(hidden.slice(-width), score.data), 1e-4, 'logits')
    expect(model.hooks).toContain('logits')
  })

  it('reads every token of a decoder', async () => {
    const [out, bias] = [noise(2, width), noise(2)]
    const folder = await changedModel(
      'gpt2',
      { architectures: ['GPT2ForTokenClassification'], id2label: { 0: 'O', 1: 'B-PER' } },
      weights => weights.set('classifier.weight', out).set('classifier.bias', bias)
    )
    const { model, ids, hidden, logits, predict } = await run(folder, 'gpt2')
    const rows = ids.map((_, i) => hidden.slice(i * width, (i + 1) * width))
    const expected = rows.flatMap(row => [...linear(row, out.data, bias.data)])
    expectClose(logits, Float32Array.from(expected), 1e-4, 'logits')
    expect(model.predicts).toBe('labels')
    expect(model.ofText).toBeUndefined()
    const [best] = await predict(3)
    expect(best!.token.text).toBe(expected[6]! > expected[7]! ? 'O' : 'B-PER')
    const map = (of: string) => analysed(workbench, model, 'saliency-map', { of }, { ids })
    expectClose(
      variable(await map('logit:1'), 'value').data as Float32Array,
      Float32Array.from(ids, (_, i) => expected[2 * i + 1]!),
      1e-4,
      'the label of each row'
    )
    await expect(map('logit:next')).rejects.toThrow(/predicts labels, and the next token is none/)
    // Labels are what logits are of; texts are of the vocabulary.
    const named = async (analysis: string, params = {}) =>
      (await analysed(workbench, model, analysis, params, { ids })).attributes
    const vocabulary = [...new Set(ids)].sort((a, b) => a - b).map(idToken)
    expect((await named('head-sequences'))['tokens']).toEqual(vocabulary)
    const neuron = await named('neurons', { neurons: '0.1', top: 2 })
    // Those of the text and, of all of the vocabulary, those that the neuron reads.
    const told = neuron['tokens'] as Token[]
    expect(told).toEqual(told.map(({ id }) => idToken(id)))
    expect(neuron['labels']).toMatchObject([{ text: 'O' }, { text: 'B-PER' }])
  })

  it('that is not known is named, and all before it runs', async () => {
    const folder = await changedModel(
      'gpt2',
      { architectures: ['GPT2ForQuestionAnswering'] },
      weights => weights.set('qa_outputs.weight', noise(2, width)).set('qa_outputs.bias', noise(2))
    )
    const { handlers } = workbench
    const model = await handlers['models.open']({ path: folder }, uncancelled())
    expect(model.predicts).toBeNull()
    expect(model.notRunnable).toBeNull()
    const named = expect.stringMatching(/GPT2ForQuestionAnswering.*qa_outputs\.weight/) as string
    expect(model.limits).toEqual([named])
    await expect(
      analysed(workbench, model, 'predictions', {}, { ids: [1, 2] })
    ).rejects.toMatchObject({
      hint: named
    })
    const run = { source: cpuSource(model, { ids: [1, 2] }) }
    const { id: runId } = await handlers['runs.start'](run, uncancelled())
    await expect(
      handlers['runs.value']({ runId, hook: 'logits', exact: true }, uncancelled())
    ).rejects.toMatchObject({ hint: named })
    const last = { runId, hook: 'blocks.1.hook_resid_post', exact: true }
    expect((await handlers['runs.value'](last, uncancelled())).data).toHaveLength(2 * width)
  })

  it('reads the mean of all tokens where it pools so', async () => {
    const [out, bias] = [noise(2, width), noise(2)]
    const folder = await changedModel(
      'modernbert',
      { architectures: ['ModernBertForSequenceClassification'], classifier_pooling: 'mean' },
      weights => {
        weights.delete('decoder.bias')
        weights.set('classifier.weight', out).set('classifier.bias', bias)
        weights.set('head.dense.weight', identity()).set('head.norm.weight', ones())
      }
    )
    const { hidden, logits, ids } = await run(folder, 'modernbert')
    const mean = Float32Array.from(
      { length: width },
      (_, column) =>
        ids.reduce((sum, _, row) => sum + hidden[row * width + column]!, 0) / ids.length
    )
    expectClose(logits, linear(normalized(mean.map(gelu)), out.data, bias.data), 1e-4, 'logits')
  })
})

describe('a head of tokens', () => {
  it('of masked ones tells of a token at its own place', async () => {
    const { model, ids, logits, probabilities } = await run(join(golden, 'bert'), 'bert')
    expect(model.predicts).toBe('masked')
    const rows = ids.map((_, i) => logits.slice(i * 96, (i + 1) * 96))
    const expected = rows.map((row, i) => {
      const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0)
      return Math.exp(row[ids[i]!]!) / total
    })
    expectClose(await probabilities(), Float32Array.from(expected), 1e-5, 'probabilities')
  })

  it('of a decoder tells of the next', async () => {
    const { model, probabilities } = await run(join(golden, 'llama'), 'llama')
    expect(model.predicts).toBe('next')
    const [first, ...others] = await probabilities()
    expect(first).toBeNaN()
    expect(others.every(probability => probability > 0 && probability < 1)).toBe(true)
  })

  it.each([
    ['that the metadata names', { 'model.embed_tokens.weight': 'lm_head.weight' }],
    ['that config.json ties', {}]
  ])('finds an embedding stored as the unembedding alone, %s', async (_, metadata) => {
    const folder = await changedModel(
      'llama-llama3',
      {},
      weights => {
        weights.set('lm_head.weight', weights.get('model.embed_tokens.weight')!)
        weights.delete('model.embed_tokens.weight')
      },
      metadata
    )
    const { model, logits, expected } = await run(folder, 'llama-llama3')
    expectClose(logits, await expected.read('logits'), 1e-3, 'logits')
    expect(model.ties).toEqual(['model.embed_tokens.weight is lm_head.weight, counted once'])
    expect(model.parameters).toBe(model.parametersStored)
    expect(model.tensors.find(({ name }) => name === 'model.embed_tokens.weight')).toMatchObject({
      bytes: 0,
      tiedTo: 'lm_head.weight'
    })
  })

  it('counts the blocks that ALBERT shares once', async () => {
    const path = join(golden, 'albert')
    const model = await workbench.handlers['models.open']({ path }, uncancelled())
    expect(model.config!.nLayers).toBe(3)
    expect(model.parameters).toBe(model.parametersStored)
    expect(model.ties).toEqual([
      'predictions.decoder.weight is albert.embeddings.word_embeddings.weight, counted once'
    ])
  })

  it('is missing from a base model, which runs without it', async () => {
    const folder = await changedModel('bert', { architectures: ['BertModel'] }, weights => {
      for (const name of weights.keys()) if (name.startsWith('cls')) weights.delete(name)
    })
    await expect(run(folder, 'bert')).rejects.toThrow(/^logits: not a hook of lamella-heads-/)
    const model = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    expect(model.predicts).toBeNull()
    expect(model.hooks).not.toContain('logits')
  })
})

function identity() {
  const data = new Float32Array(width * width)
  for (let i = 0; i < width; i++) data[i * width + i] = 1
  return { shape: [width, width], data }
}

function ones() {
  return { shape: [width], data: new Float32Array(width).fill(1) }
}

/** x Φ(x), by the integral of the normal density. */
function gelu(x: number): number {
  const steps = 2000
  let area = 0
  for (let i = 0; i < steps; i++) area += Math.exp(-(((i + 0.5) * x) ** 2) / (2 * steps ** 2))
  return x * (0.5 + (area * x) / steps / Math.sqrt(2 * Math.PI))
}

function normalized(x: Float32Array): Float32Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length
  return x.map(value => (value - mean) / Math.sqrt(variance + 1e-5))
}
