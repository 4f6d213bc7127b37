import { beforeAll, describe, expect, it } from 'vitest'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import {
  analysed,
  hebrew,
  modelIn,
  shakespeare,
  sharedWorkbench,
  uncancelled
} from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

async function opened(name: string) {
  return (await editedRuns(workbench, name)).model
}

/** Equal numbers may change places: here their gaps are larger than what differs. */
const isId = (name: string) => /ids$|^queries$|^analogies$|^dimensions\./.test(name)

interface Scalars {
  readonly anisotropy: number
}

describe.each(references('embeddings'))('embeddings of %s', name => {
  let reference: Awaited<ReturnType<typeof readReference<Scalars>>>
  beforeAll(async () => {
    reference = await readReference<Scalars>('embeddings', name)
  })

  async function expectGiven(result: Dataset, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const found = variable(result, name)
      expect(shapeOf(result, found), name).toEqual(reference.shape(name))
      const expected = await reference.read(name)
      if (isId(name)) expect([...found.data], name).toEqual([...expected])
      else expectClose(Float32Array.from(found.data), expected, 1e-5, name)
    }
  }

  it('neighbours', async () => {
    const tokens = await reference.integers('queries')
    const result = await analysed(workbench, await opened(name), 'neighbours', { tokens })
    const own = ['cosine', 'centred', 'dot', 'euclidean']
    await expectGiven(result, ['queries', ...own.flatMap(of => [`${of}.ids`, `${of}.values`])])
  })

  it('similarity', async () => {
    const tokens = await reference.integers('queries')
    const result = await analysed(workbench, await opened(name), 'similarity', { tokens })
    await expectGiven(result, ['queries', 'similarity'])
  })

  it('analogy', async () => {
    const flat = await reference.integers('analogies')
    const analogies = [0, 3, 6].map(at => flat.slice(at, at + 3))
    const result = await analysed(workbench, await opened(name), 'analogy', { analogies })
    const own = ['analogy', 'analogy_raw']
    await expectGiven(result, ['analogies', ...own.flatMap(of => [`${of}.ids`, `${of}.values`])])
  })

  it('dimensions', async () => {
    const tokens = await reference.integers('queries')
    const result = await analysed(workbench, await opened(name), 'dimensions', { tokens })
    await expectGiven(result, ['queries', 'dimensions.top', 'dimensions.bottom'])
  })

  it('embedding-pca', async () => {
    const result = await analysed(workbench, await opened(name), 'embedding-pca')
    await expectGiven(result, ['norms'])
    const found = (name: string) => Float32Array.from(variable(result, name).data)
    const ratio = await reference.read('pca_ratio')
    // Rows less their mean have one direction less than there are rows.
    expectClose(found('pca_ratio'), ratio, 1e-6, 'pca_ratio')
    const scores = await reference.read('pca_scores')
    const within = 1e-4 * Math.max(...scores.map(Math.abs))
    expectClose(found('pca_scores'), scores, within, 'pca_scores')
    expect(shapeOf(result, variable(result, 'pca_scores'))).toEqual(reference.shape('pca_scores'))
    expect(variable(result, 'anisotropy').data[0]).toBeCloseTo(reference.scalars.anisotropy, 12)
    expect(result.axes['token']?.labels).toHaveLength(reference.shape('norms')[0]!)
    const some = await analysed(workbench, await opened(name), 'embedding-pca', { components: 2 })
    expect([...variable(some, 'pca_scores').data.slice(0, 2)]).toEqual([
      ...variable(result, 'pca_scores').data.slice(0, 2)
    ])
  })
})

/** The rows of an embedding, by the hook that has them as they are. */
async function rowsOf(name: string, ids: number[]): Promise<number[][]> {
  const runs = await editedRuns(workbench, name)
  const data = await runs.value(await runs.start(ids), 'hook_embed')
  const width = data.length / ids.length
  return ids.map((_, i) => [...data.slice(i * width, (i + 1) * width)])
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
const product = (a: readonly number[], b: readonly number[]) =>
  sum(a.map((value, i) => value * b[i]!))
const cosine = (a: readonly number[], b: readonly number[]) =>
  product(a, b) / Math.sqrt(product(a, a) * product(b, b))
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - b[i]!)
const meanOf = (rows: readonly (readonly number[])[]) =>
  rows[0]!.map((_, i) => sum(rows.map(row => row[i]!)) / rows.length)

describe('words', () => {
  it('are named by texts; several tokens have the mean of their vectors, and the result says so', async () => {
    const model = await opened('shakespeare-char')
    const find = (text: string) =>
      workbench.handlers['text.tokenize']({ modelId: model.id, text }, uncancelled())
    const ids = (await find('KING')).map(({ id }) => id)
    const [k] = ids
    const rows = await rowsOf('shakespeare-char', [...ids, 3])
    const tokens = ['KING', 'K', 3]
    const result = await analysed(workbench, model, 'similarity', { tokens })
    expect(result.axes['query']?.labels?.slice(0, 2)).toEqual(['KING', 'K'])
    expect([...variable(result, 'queries').data]).toEqual([-1, k, 3])
    expect(result.attributes['texts']).toEqual([
      { text: 'KING', ids, pieces: ['K', 'I', 'N', 'G'] },
      { text: 'K', ids: [k], pieces: ['K'] }
    ])
    expect(result.attributes['several_tokens']).toMatch(/^1 of 3 are of several tokens/)
    const { data } = variable(result, 'similarity')
    expect(data[1]).toBeCloseTo(cosine(meanOf(rows.slice(0, 4)), rows[0]!), 6)
    expect(data[2]).toBeCloseTo(cosine(meanOf(rows.slice(0, 4)), rows[4]!), 6)

    const near = await analysed(workbench, model, 'neighbours', { tokens: 'KING', top: 1000 })
    const found = [...variable(near, 'dot.ids').data]
    expect(found).toHaveLength(model.config!.dVocab - new Set(ids).size)
    expect(found.filter(id => ids.includes(id))).toEqual([])
    const described = near.attributes['tokens'] as { id: number; text: string }[]
    expect(described).toHaveLength(found.length)
    expect(described.find(({ id }) => id === 3)?.text).toBe('$')
  })

  it('of a list that the vocabulary cannot spell are left out and named, the rest compared', async () => {
    const model = await opened('shakespeare-char')
    const whole = await analysed(workbench, model, 'similarity', { tokens: ['K', 3] })
    expect(whole.attributes['left_out']).toBeUndefined()
    for (const name of ['similarity', 'neighbours', 'dimensions'] as const) {
      const tokens = ['€', 'K', 'a€b', 3, 99_999]
      const result = await analysed(workbench, model, name, { tokens })
      expect(result.axes['query']?.labels).toEqual(whole.axes['query']?.labels)
      expect(result.attributes['left_out']).toEqual([
        { name: '€', why: expect.stringContaining('"€"') as string },
        { name: 'a€b', why: expect.stringContaining('"€"') as string },
        { name: 99_999, why: expect.stringContaining('token 99999 is outside') as string }
      ])
      if (name === 'similarity')
        expect(variable(result, name).data).toEqual(variable(whole, name).data)
    }
    const none = analysed(workbench, model, 'similarity', { tokens: ['€', '₤'] })
    await expect(none).rejects.toThrow(/"€": /)
  })

  it('have the mean of all rows subtracted where that is wanted', async () => {
    const model = await opened('hebrew-minigpt')
    const all = await rowsOf(
      'hebrew-minigpt',
      Array.from({ length: model.config!.dVocab }, (_, id) => id)
    )
    const mean = meanOf(all)
    const params = { tokens: [4, 9], centred: true }
    const result = await analysed(workbench, model, 'similarity', params)
    const expected = cosine(minus(all[4]!, mean), minus(all[9]!, mean))
    expect(variable(result, 'similarity').data[1]).toBeCloseTo(expected, 6)
    expect(variable(result, 'euclidean').data[1]).toBeCloseTo(
      Math.sqrt(product(minus(all[4]!, all[9]!), minus(all[4]!, all[9]!))),
      6
    )
  })

  it('are found in the output embedding, by its rows or by those of the input', async () => {
    // It has an output embedding of its own.
    const model = await opened('gpt_neox')
    const { dVocab } = model.config!
    const input = { tokens: [5, 6], of: 'input' }
    const [within, out, between] = [
      await analysed(workbench, model, 'neighbours', { ...input, top: 1000 }),
      await analysed(workbench, model, 'neighbours', { tokens: [5, 6], of: 'output', top: 1000 }),
      await analysed(workbench, model, 'neighbours', { ...input, among: 'output', top: 1000 })
    ]
    expect(shapeOf(within, variable(within, 'dot.ids'))).toEqual([2, dVocab - 1])
    // A token is a neighbour of itself where it is looked for in the other embedding.
    expect(shapeOf(between, variable(between, 'dot.ids'))).toEqual([2, dVocab])
    expect(variable(out, 'dot.values').data).not.toEqual(variable(within, 'dot.values').data)

    // What the head makes of an embedding is the inner product with each row of the output.
    const [five = [], six = []] = await rowsOf('gpt_neox', [5, 6])
    const same = await analysed(workbench, model, 'similarity', { tokens: [5, 6], of: 'output' })
    const ids = [...variable(between, 'dot.ids').data.slice(0, dVocab)]
    const at6 = variable(between, 'dot.values').data[ids.indexOf(6)]!
    const crossed = await analysed(workbench, model, 'neighbours', {
      ...{ tokens: [6], of: 'output', among: 'input', top: 1000 }
    })
    const back = [...variable(crossed, 'dot.ids').data]
    expect(at6).toBeCloseTo(variable(crossed, 'dot.values').data[back.indexOf(5)]!, 10)
    expect(variable(same, 'dot').data[1]).not.toBeCloseTo(product(five, six), 5)
  })

  it('stand out in dimensions, and tokens in a dimension', async () => {
    const model = await opened('hebrew-minigpt')
    const { dVocab } = model.config!
    const rows = await rowsOf(
      'hebrew-minigpt',
      Array.from({ length: dVocab }, (_, id) => id)
    )
    const result = await analysed(workbench, model, 'dimensions', { dimensions: [7, 0], top: 3 })
    expect(Object.keys(result.axes)).toEqual(['dimension', 'place'])
    for (const [i, dimension] of [7, 0].entries()) {
      const sorted = rows
        .map((row, id) => ({ id, value: row[dimension]! }))
        .sort((a, b) => b.value - a.value)
      const of = (name: string) => [...variable(result, name).data.slice(i * 3, i * 3 + 3)]
      expect(of('tokens.top')).toEqual(sorted.slice(0, 3).map(({ id }) => id))
      expect(of('tokens.bottom')).toEqual(
        sorted
          .slice(-3)
          .reverse()
          .map(({ id }) => id)
      )
      expect(of('tokens.bottom_values')[0]).toBeCloseTo(sorted.at(-1)!.value, 6)
    }
    const both = await analysed(workbench, model, 'dimensions', { dimensions: 7, tokens: [4] })
    const [best] = variable(both, 'dimensions.top').data
    expect(variable(both, 'dimensions.top_values').data[0]).toBeCloseTo(Math.max(...rows[4]!), 6)
    expect(rows[4]![best!]).toBe(Math.max(...rows[4]!))
  })
})

it.each([
  ['neighbours', { tokens: [99_999] }, /token 99999 is outside/],
  ['neighbours', { tokens: ['€'] }, /"€": /],
  ['neighbours', { tokens: [] }, /tokens/],
  ['neighbours', { tokens: Array(65).fill(1) }, /tokens/],
  ['neighbours', { tokens: [1], top: 0 }, /top/],
  ['neighbours', { tokens: [''] }, /tokens/],
  ['similarity', { tokens: [-1] }, /tokens/],
  ['analogy', { analogies: [[1, 2]] }, /analogies/],
  ['analogy', { analogies: [1, 2, 99_999] }, /token 99999 is outside/],
  ['embedding-pca', { components: 0 }, /components/],
  ['dimensions', {}, /neither tokens nor dimensions/],
  ['dimensions', { dimensions: [4096] }, /dimension 4096 is outside/]
])('%s refuses %j', async (name, params, message) => {
  const model = await modelIn(workbench, shakespeare)
  await expect(analysed(workbench, model, name, params as never)).rejects.toThrow(message)
})

it('refuses what a graph of its own does not tell', async () => {
  const model = await opened('onnx-bert')
  const asked = analysed(workbench, model, 'neighbours', { tokens: [5] })
  await expect(asked).rejects.toThrow(/which weights of an ONNX graph do what is not known/)
})

it('gives as many as there are', async () => {
  const model = await modelIn(workbench, hebrew)
  const result = await analysed(workbench, model, 'analogy', { analogies: [1, 2, 3], top: 1000 })
  expect(result.axes['rank']?.length).toBe(model.config!.dVocab - 3)
})
