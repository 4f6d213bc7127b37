import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisSubject as Subject } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import {
  hebrew,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await open(shakespeare)
})
afterAll(() => workbench.close())

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())

function subject({ path, fingerprint }: ModelInfo, change: Partial<Subject> = {}): Subject {
  const corpus = { inputs: [{ text: 'To be, or not to be' }], window: null, stride: null }
  return { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const, ...change }
}

function compared(of: Subject, other: Subject | null, name = 'compare-predictions', top = 3) {
  return workbench.handlers['analysis.run'](
    { name, params: name === 'compare-predictions' ? { top } : {}, of, with: other },
    uncancelled()
  )
}

const without: Edit[] = [{ hook: 'blocks.2.hook_mlp_out', at: {}, scale: 0, add: null }]
const all = (result: Awaited<ReturnType<typeof compared>>, name: string) => [
  ...variable(result, name).data
]

describe('two subjects', () => {
  it('that are the same differ in nothing', async () => {
    const result = await compared(subject(model), subject(model))
    expect(all(result, 'kl').every(kl => Math.abs(kl) < 1e-12)).toBe(true)
    expect(all(result, 'top_shared')).toEqual(Array(19).fill(1))
    expect(all(result, 'same_top')).toEqual([1])
    expect(all(result, 'surprisal_second')).toEqual(all(result, 'surprisal_first'))
    expect(result.attributes.with).toMatchObject({ model: model.name, provider: 'cpu' })
    expect(result.axes.pos!.labels!.join('')).toBe('To be, or not to be')
  })

  it('share all of a vocabulary that has fewer tokens than are compared', async () => {
    const result = await compared(subject(model), subject(model), 'compare-predictions', 100)
    expect(result.axes.rank).toMatchObject({ length: model.config!.dVocab })
    expect(all(result, 'top_shared')).toEqual(Array(19).fill(1))
  })

  it('are the first and the second: changing places turns all round', async () => {
    const [plain, edited] = [subject(model), subject(model, { edits: without })]
    const one = await compared(plain, edited)
    const other = await compared(edited, plain)
    expect(all(one, 'mean_kl')[0]).toBeGreaterThan(0.01)
    expect(all(one, 'kl')).not.toEqual(all(one, 'kl_reverse'))
    for (const [name, turned] of [
      ['kl', 'kl_reverse'],
      ['surprisal_first', 'surprisal_second'],
      ['top_first', 'top_second'],
      ['loss_first', 'loss_second']
    ] as const) {
      expect(all(one, name)).toEqual(all(other, turned))
      expect(all(one, turned)).toEqual(all(other, name))
    }
    expect(one.attributes).toMatchObject({ with: { edits: [{ scale: 0 }] } })
    expect(one.attributes).not.toHaveProperty('edits')
    const ids = new Set([...all(one, 'top_first'), ...all(one, 'top_second')])
    expect(one.attributes.vocabulary).toHaveLength(ids.size)
  })

  it('are pooled over windows: every position counts alike', async () => {
    const texts = ['To be, or not to be', 'Once more unto the breach, dear friends']
    const corpus = (texts: string[]) => ({
      corpus: { inputs: texts.map(text => ({ text })), window: null, stride: null }
    })
    const of = (texts: string[]) =>
      compared(subject(model, corpus(texts)), subject(model, { ...corpus(texts), edits: without }))
    const [one, two, both] = [
      await of(texts.slice(0, 1)),
      await of(texts.slice(1)),
      await of(texts)
    ]
    const [n, m] = texts.map(({ length }) => length) as [number, number]
    const pooled = (name: string, less = 0) =>
      (all(one, name)[0]! * (n - less) + all(two, name)[0]! * (m - less)) / (n + m - 2 * less)
    for (const name of ['mean_kl', 'mean_kl_reverse', 'same_top'])
      expect(all(both, name)[0]).toBeCloseTo(pooled(name), 10)
    expect(all(both, 'loss_second')[0]).toBeCloseTo(pooled('loss_second', 1), 10)
    expect(both.variables).not.toHaveProperty('kl')
  })

  it('may be two models of one vocabulary', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-compare-'))
    cpSync(shakespeare, folder, { recursive: true })
    const file = join(folder, 'model.safetensors')
    const bytes = readFileSync(file)
    // The last tensor's bytes, most of them: other weights.
    bytes.fill(0, bytes.length - 4000)
    writeFileSync(file, bytes)
    const other = await open(folder)
    const result = await compared(subject(model), subject(other, { corpus: null }))
    expect(all(result, 'mean_kl')[0]).toBeGreaterThan(0)
    expect(all(result, 'loss_first')).not.toEqual(all(result, 'loss_second'))
  })

  it('are refused where they are none to compare', async () => {
    const other = await open(hebrew)
    const text = { inputs: [{ text: 'x' }], window: null, stride: null }
    const of = subject(model)
    await expect(compared(of, null)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'compare-predictions: compares two subjects, and there is one',
      hint: 'Give a second model, or the same one with edits.'
    })
    await expect(compared(of, of, 'head-scores')).rejects.toMatchObject({
      message: 'head-scores: is of one subject, not of two'
    })
    await expect(compared(of, subject(other))).rejects.toMatchObject({
      message: expect.stringMatching(/has \d+ tokens, .* \d+: they are not compared/) as string
    })
    await expect(compared(of, subject(model, { corpus: text }))).rejects.toMatchObject({
      message: expect.stringContaining('on the same text; the second has another') as string
    })
  })

  it('whose vocabularies spell a token otherwise are refused by that token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-compare-'))
    cpSync(shakespeare, folder, { recursive: true })
    const file = join(folder, 'tokenizer.json')
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as {
      model: { vocab: Record<string, number> }
    }
    const { vocab } = tokenizer.model
    Object.assign(vocab, { T: vocab.o, o: vocab.T })
    writeFileSync(file, JSON.stringify(tokenizer))
    const other = await open(folder)
    await expect(compared(subject(model), subject(other))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^Token \d+ is "T" to .* and "o" to /) as string
    })
  })
})

describe('what an analysis does not read', () => {
  it('is refused: edits of weights, and a stride without windows', async () => {
    const weights = subject(model, { corpus: null, edits: without })
    await expect(compared(weights, null, 'head-weights')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: "head-weights: is of the model's weights; edits change runs alone"
    })
    const text = { inputs: [{ text: 'To be' }], window: null, stride: 2 }
    await expect(
      compared(subject(model, { corpus: text }), null, 'head-scores')
    ).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'A stride is from one window to the next, and nothing is cut into windows',
      hint: 'Say how long a window is, too.'
    })
  })

  it('are weights that are not known: an ONNX graph has none by role, and no gradients', async () => {
    const onnx = await open(join(projectRoot, 'test/golden/onnx-gpt2'))
    const corpus = { inputs: [{ ids: [1, 2, 3] }], window: null, stride: null }
    for (const [name, change, message] of [
      ['head-weights', { corpus: null }, /which weights of an ONNX graph do what is not known$/],
      ['head-importance', { corpus }, /runs of an ONNX graph are not differentiated$/]
    ] as const)
      await expect(compared(subject(onnx, change), null, name)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(message) as string
      })
  })

  it('is a baseline: of an ONNX graph none is guessed, and it is said', async () => {
    const onnx = await open(join(projectRoot, 'test/golden/onnx-gpt2'))
    const corpus = { inputs: [{ ids: [1, 2, 3, 1, 2] }], window: null, stride: null }
    const result = await compared(subject(onnx, { corpus }), null, 'head-scores')
    expect(Object.keys(result.variables).filter(name => /^(baseline|visible)/.test(name))).toEqual(
      []
    )
    expect(result.attributes).toMatchObject({
      baseline: null,
      no_baseline: expect.stringContaining('not known of this graph') as string
    })
    expect(result.variables).toHaveProperty('induction')
  })
})

describe('head-importance of several windows', () => {
  it('is the mean of the magnitudes, each window alike', async () => {
    const texts = ['To be, or not to be', 'Once more unto the breach, dear friends']
    const of = (texts: string[]) =>
      compared(
        subject(model, {
          corpus: { inputs: texts.map(text => ({ text })), window: null, stride: null }
        }),
        null,
        'head-importance'
      )
    const [one, two, both] = [
      await of(texts.slice(0, 1)),
      await of(texts.slice(1)),
      await of(texts)
    ]
    for (const name of ['mask_grad', 'importance', 'value'])
      all(both, name).forEach((value, i) =>
        expect(value).toBeCloseTo((all(one, name)[i]! + all(two, name)[i]!) / 2, 12)
      )
    const grads = all(both, 'mask_grad')
    expect(all(both, 'importance').some((value, i) => value > Math.abs(grads[i]!) + 1e-9)).toBe(
      true
    )
  })

  it('is of other numbers, too', async () => {
    const ids = [1, 2, 3, 4]
    const corpus = { inputs: [{ ids }], window: null, stride: null }
    const run = (target: object) =>
      workbench.handlers['analysis.run'](
        {
          name: 'head-importance',
          params: { target } as never,
          of: subject(model, { corpus }),
          with: null
        },
        uncancelled()
      )
    const at = { position: 3, token: 5 }
    const a = await run({ kind: 'logit', ...at })
    const b = await run({ kind: 'logit', position: 3, token: 6 })
    const difference = await run({ kind: 'difference', ...at, other: 6 })
    all(difference, 'mask_grad').forEach((value, i) =>
      expect(value).toBeCloseTo(all(a, 'mask_grad')[i]! - all(b, 'mask_grad')[i]!, 4)
    )
    const probability = await run({ kind: 'probability', ...at })
    expect(all(probability, 'value')[0]).toBeGreaterThan(0)
    expect(all(probability, 'value')[0]).toBeLessThan(1)
    await expect(run({ kind: 'logit', position: 4, token: 5 })).rejects.toMatchObject({
      code: 'invalid-argument'
    })
  })
})
