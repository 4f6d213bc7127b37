import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { analysed, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

type Vector = readonly number[]
const product = (a: Vector, b: Vector) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
const cosine = (a: Vector, b: Vector) => product(a, b) / Math.sqrt(product(a, a) * product(b, b))
const meanOf = (values: Vector) => values.reduce((sum, value) => sum + value, 0) / values.length
const meanVector = (vectors: readonly Vector[]) =>
  vectors[0]!.map((_, i) => meanOf(vectors.map(vector => vector[i]!)))

/** The residual stream of a text: [layer][pos], the input first. */
async function states(name: string, ids: number[]): Promise<Vector[][]> {
  const runs = await editedRuns(workbench, name)
  const run = await runs.start(ids)
  const hooks = [
    blockHookName(0, 'hook_resid_pre'),
    ...Array.from({ length: runs.nLayers }, (_, layer) => blockHookName(layer, 'hook_resid_post'))
  ]
  const all: Vector[][] = []
  for (const hook of hooks) {
    const data = await runs.value(run, hook)
    const width = data.length / ids.length
    all.push(ids.map((_, pos) => [...data.slice(pos * width, (pos + 1) * width)]))
  }
  return all
}

async function ofTexts(
  name: string,
  texts: readonly number[][],
  params: z.core.util.JSONType = {}
): Promise<Dataset> {
  const { model } = await editedRuns(workbench, name)
  if (texts.length === 1)
    return analysed(workbench, model, 'hidden-states', params, { ids: texts[0]! })
  const { path, fingerprint } = model
  const corpus = { inputs: texts.map(ids => ({ ids })), window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  const asked = { name: 'hidden-states', params, of, with: null }
  return workbench.handlers['analysis.run'](asked, uncancelled())
}

function expectNear(result: Dataset, name: string, expected: Vector): void {
  const { data } = variable(result, name)
  expect(data, name).toHaveLength(expected.length)
  data.forEach((value, i) => {
    if (Number.isNaN(expected[i])) return expect(value, `${name}[${i}]`).toBeNaN()
    expect(Math.abs(value - expected[i]!), `${name}[${i}]`).toBeLessThan(
      2e-5 * Math.max(1, Math.abs(expected[i]!))
    )
  })
}

describe.each(['gpt2', 'gemma2', 'bert'])('hidden states of %s', name => {
  const ids = [5, 9, 14, 5, 33, 9, 21]

  it('of one text are those of its residual stream', async () => {
    const all = await states(name, ids)
    const result = await ofTexts(name, [ids])
    const [input = []] = all
    expectNear(
      result,
      'norm',
      all.flatMap(layer => layer.map(x => Math.sqrt(product(x, x))))
    )
    const ofPrevious = (of: (x: Vector, before: Vector) => number) =>
      all.flatMap((layer, l) => layer.map((x, pos) => (l === 0 ? NaN : of(x, all[l - 1]![pos]!))))
    const moved = ofPrevious((x, before) => Math.hypot(...x.map((value, i) => value - before[i]!)))
    expectNear(result, 'moved', moved)
    expectNear(result, 'cosine_previous', ofPrevious(cosine))
    const fromInput = all.flatMap(layer => layer.map((x, pos) => cosine(x, input[pos]!)))
    expectNear(result, 'cosine_input', fromInput)
    const means = all.map((_, l) => meanOf(fromInput.slice(l * ids.length, (l + 1) * ids.length)))
    expectNear(result, 'cosine_input_mean', means)
    expectNear(
      result,
      'anisotropy',
      all.map(layer =>
        meanOf(layer.flatMap((a, i) => layer.flatMap((b, j) => (i === j ? [] : [cosine(a, b)]))))
      )
    )
    const last = all.at(-1)!
    expectNear(
      result,
      'similarity',
      last.flatMap(a => last.map(b => cosine(a, b)))
    )
    expect(result.axes['layer']?.labels?.slice(0, 2)).toEqual(['input', '0'])
    expect(result.axes['pos']?.labels).toHaveLength(ids.length)
  })

  it('compare tokens at any layer, of a long text some of them', async () => {
    const all = await states(name, ids)
    for (const [layer, place] of [
      ['input', 0],
      [0, 1]
    ] as const) {
      const own = all[place]!
      const result = await ofTexts(name, [ids], { layer, size: 4 })
      expect([...variable(result, 'shown').data]).toEqual([0, 2, 4, 6])
      expect(result.attributes['similarity_of']).toBe('one token in 2')
      const some = own.filter((_, pos) => pos % 2 === 0)
      expectNear(
        result,
        'similarity',
        some.flatMap(a => some.map(b => cosine(a, b)))
      )
    }
  })

  it('of several texts are means over all tokens; texts and places of a word are compared', async () => {
    const texts = [ids, [9, 14, 5], [40, 41, 42, 9, 14]]
    const each = []
    for (const text of texts) each.push(await states(name, text))
    const lasts = each.map(all => all.at(-1)!)
    const result = await ofTexts(name, texts, { word: 9 })
    const tokens = each.flatMap(all => all.at(-1)!)
    expect(variable(result, 'norm_mean').data.at(-1)).toBeCloseTo(
      meanOf(tokens.map(x => Math.sqrt(product(x, x)))),
      3
    )
    const pairs = tokens.flatMap((a, i) =>
      tokens.flatMap((b, j) => (i === j ? [] : [cosine(a, b)]))
    )
    expect(variable(result, 'anisotropy').data.at(-1)).toBeCloseTo(meanOf(pairs), 5)
    const sentences = lasts.map(meanVector)
    expectNear(
      result,
      'sentence_similarity',
      sentences.flatMap(a => sentences.map(b => cosine(a, b)))
    )
    const others = sentences.flatMap((a, i) =>
      sentences.filter((_, j) => j !== i).map(b => cosine(a, b))
    )
    expectNear(result, 'sentence_anisotropy', [meanOf(others)])
    expect([...variable(result, 'place.window').data]).toEqual([0, 0, 1, 2])
    expect([...variable(result, 'place.pos').data]).toEqual([1, 5, 0, 3])
    const places = [lasts[0]![1]!, lasts[0]![5]!, lasts[1]![0]!, lasts[2]![3]!]
    expectNear(
      result,
      'word_similarity',
      places.flatMap(a => places.map(b => cosine(a, b)))
    )
    expect(result.variables['similarity']).toBeUndefined()
    expect(shapeOf(result, variable(result, 'window_tokens'))).toEqual([3])

    for (const sentence of ['first', 'last'] as const) {
      const own = lasts.map(x => x.at(sentence === 'first' ? 0 : -1)!)
      const found = await ofTexts(name, texts, { sentence })
      expectNear(
        found,
        'sentence_similarity',
        own.flatMap(a => own.map(b => cosine(a, b)))
      )
    }
  })
})

it.each([
  [{ layer: 99 }, /layer 99/],
  [{ layer: 'output' }, /layer/],
  [{ word: 99_999 }, /token 99999/],
  [{ size: 1 }, /size/]
])('refuses %j', async (params, message) => {
  await expect(ofTexts('gpt2', [[1, 2, 3]], params as never)).rejects.toThrow(message)
})
