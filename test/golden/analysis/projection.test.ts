import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { CorpusInput } from '#common/analysis/subject.ts'
import { type Dataset, shapeOf, variable } from '#common/data/dataset.ts'
import { nearestRows } from '#common/analysis/project/nearest-rows.ts'
import { trustworthiness } from '#common/analysis/project/trustworthiness.ts'
import { umap } from '#common/analysis/project/umap.ts'
import { principalComponents } from '#common/analysis/principal-components.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { analysed, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns } from './edited-runs.ts'
import { readReference } from './reference.ts'

/** Trustworthiness that umap-learn and scikit-learn reach, of five seeds each. */
type Bars = Record<
  string,
  {
    readonly k: number
    readonly pca2: number
    readonly pca3: number
    readonly umap2: readonly number[]
    readonly umap3: readonly number[]
    readonly tsne2: readonly number[]
  }
>

let workbench: Workbench
let reference: Awaited<ReturnType<typeof readReference<Bars>>>
beforeAll(async () => {
  workbench = await sharedWorkbench()
  reference = await readReference<Bars>('projection', 'projection')
})

async function projectionOf(
  name: string,
  params: z.core.util.JSONType = {},
  input: CorpusInput | null = null
): Promise<Dataset> {
  const { model } = await editedRuns(workbench, name)
  return analysed(workbench, model, 'project', params, input)
}

const trust = (result: Dataset) => variable(result, 'trustworthiness').data[0]!

describe.each(['shakespeare-char', 'hebrew-minigpt'])('the embedding of %s', name => {
  it('is laid out as well as by umap-learn and scikit-learn', async () => {
    const bars = reference.scalars[name]!
    const of = (method: string, dimensions: 2 | 3, seed = 0) =>
      projectionOf(name, { method, dimensions, seed, trust: bars.k })
    expect(trust(await of('pca', 2))).toBeCloseTo(bars.pca2, 6)
    expect(trust(await of('pca', 3))).toBeCloseTo(bars.pca3, 6)
    const least = (values: readonly number[]) => Math.min(...values) - 0.02
    const first = await of('umap', 2)
    expect(trust(first)).toBeGreaterThanOrEqual(least(bars.umap2))
    expect(trust(await of('umap', 3))).toBeGreaterThanOrEqual(least(bars.umap3))
    expect(trust(await of('tsne', 2))).toBeGreaterThanOrEqual(least(bars.tsne2))
    const other = await of('umap', 2, 1)
    expect(variable(other, 'places').data).not.toEqual(variable(first, 'places').data)
    expect(first.axes['point']?.labels).toHaveLength(shapeOf(first, variable(first, 'norm'))[0]!)
  })
})

describe('of clusters, a ring, a sheet and a ball', () => {
  it('trustworthiness is scikit-learn’s, and UMAP reaches umap-learn’s', async () => {
    const { k, umap2, umap3 } = reference.scalars['synthetic']!
    const data = await reference.read('matrix')
    const [rows = 0, width = 0] = reference.shape('matrix')
    const all = [...Array(rows).keys()]
    const check = Float64Array.from(await reference.read('synthetic.trust_check'))
    const pca2 = reference.scalars['synthetic']!.pca2
    expect(trustworthiness(data, width, check, k, all)).toBeCloseTo(pca2, 5)
    const near = nearestRows(data, rows, width, 14)
    for (const [dimensions, bars] of [
      [2, umap2],
      [3, umap3]
    ] as const) {
      const { scores } = principalComponents(data, [rows, width], { count: dimensions })
      const places = umap(near, scores, { dimensions, seed: 0 })
      expect(trustworthiness(data, width, places, k, all)).toBeGreaterThanOrEqual(
        Math.min(...bars) - 0.02
      )
    }
  })
})

describe('principal components', () => {
  it('are those that are named, with the share of each', async () => {
    const first = await projectionOf('gpt2', { dimensions: 3 })
    const named = await projectionOf('gpt2', { components: [3, 1] })
    expect(named.axes['dimension']?.labels).toEqual(['PC 3', 'PC 1'])
    const of = (result: Dataset, dimension: number, width: number) =>
      [...variable(result, 'places').data].filter((_, i) => i % width === dimension)
    // Of how many more are looked for hangs nothing.
    of(named, 0, 2).forEach((place, i) => expect(place).toBeCloseTo(of(first, 2, 3)[i]!, 9))
    of(named, 1, 2).forEach((place, i) => expect(place).toBeCloseTo(of(first, 0, 3)[i]!, 9))
    const spectrum = [...variable(named, 'spectrum').data]
    expect([...variable(named, 'ratio').data]).toEqual([spectrum[2], spectrum[0]])
    expect(spectrum).toEqual(spectrum.toSorted((a, b) => b - a))
    // Of 64 or fewer all are told.
    expect(spectrum.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  })
})

describe('clusters', () => {
  it('are of the points that are laid out, and of a sample of the same', async () => {
    const { model } = await editedRuns(workbench, 'gpt2')
    const params = { set: 'W_in', points: 20, seed: 4 }
    const found = await analysed(workbench, model, 'point-clusters', { ...params, clusters: 3 })
    const points = await projectionOf('gpt2', params)
    expect(variable(found, 'index').data).toEqual(variable(points, 'index').data)
    expect(found.axes['point']).toEqual(points.axes['point'])
    const [cluster, size] = [variable(found, 'cluster').data, variable(found, 'size').data]
    size.forEach((count, i) => expect(cluster.filter(own => own === i)).toHaveLength(count))
    variable(found, 'centre').data.forEach((point, i) => expect(cluster[point]).toBe(i))
    expect(found.attributes['points']).toBe(points.attributes['points'])
    const tokens = await analysed(workbench, model, 'point-clusters', {})
    expect(tokens.axes['point']?.labels).toEqual((await projectionOf('gpt2')).axes['point']?.labels)
  })
})

describe('token counts', () => {
  it('are of all texts together, without a run', async () => {
    const { model } = await editedRuns(workbench, 'shakespeare-char')
    const { path, fingerprint } = model
    const corpus = {
      inputs: ['aab', 'ca'].map(text => ({ text })),
      ...{ window: null, stride: null }
    }
    const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
    const asked = { name: 'token-counts', params: {}, of, with: null }
    const found = await workbench.handlers['analysis.run'](asked, uncancelled())
    const labels = found.axes['token']!.labels!
    const at = (name: string, token: string) => variable(found, name).data[labels.indexOf(token)]
    expect(['a', 'b', 'c', 'd'].map(token => at('count', token))).toEqual([3, 1, 1, 0])
    expect(['a', 'b', 'c', 'd'].map(token => at('rank', token))).toEqual([1, 2, 2, 4])
  })
})

describe('points', () => {
  it('are a sample that a seed draws, and the result says so', async () => {
    const params = { set: 'W_in', layers: [1], points: 20 }
    const [one, same, other] = [
      await projectionOf('gpt2', { ...params, dimensions: 3 }),
      await projectionOf('gpt2', { ...params, dimensions: 3, perplexity: 29 }),
      await projectionOf('gpt2', { ...params, seed: 1 })
    ]
    const index = (result: Dataset) => [...variable(result, 'index').data]
    expect(one.attributes['points']).toMatch(/^a sample of 20 of \d+$/)
    expect(index(same)).toEqual(index(one))
    expect(index(other)).not.toEqual(index(one))
    expect(one.axes['point']?.labels?.[0]).toBe(`L1.${index(one)[0]}`)
    expect(shapeOf(one, variable(one, 'places'))).toEqual([20, 3])
    expect([...variable(one, 'layer').data]).toEqual(Array(20).fill(1))
  })

  it('are heads, positions, tokens and texts, too', async () => {
    const { model } = await editedRuns(workbench, 'gpt2')
    const { nLayers, nHeads, nCtx } = model.config!
    const heads = await projectionOf('gpt2', { set: 'W_O' })
    expect(heads.axes['point']?.length).toBe(nLayers * nHeads)
    expect(heads.axes['point']?.labels?.at(-1)).toBe(`L${nLayers - 1}.H${nHeads - 1}`)
    expect((await projectionOf('gpt2', { set: 'positions' })).axes['point']?.length).toBe(nCtx)

    const ids = [5, 9, 14, 5, 33]
    const tokens = await projectionOf('gpt2', { set: 'tokens', layer: 0 }, { ids })
    expect([...variable(tokens, 'token').data]).toEqual(ids)
    const runs = await editedRuns(workbench, 'gpt2')
    const residual = await runs.value(await runs.start(ids), 'blocks.0.hook_resid_post')
    const width = residual.length / ids.length
    variable(tokens, 'norm').data.forEach((norm, pos) =>
      expect(norm).toBeCloseTo(Math.hypot(...residual.slice(pos * width, (pos + 1) * width)), 3)
    )

    // The same at every layer, the input first, in one space.
    const layers = await projectionOf('gpt2', { set: 'token-layers', dimensions: 3 }, { ids })
    const valuesOf = (name: string) => [...variable(layers, name).data]
    expect(valuesOf('layer')).toEqual([-1, 0, 1, 2].flatMap(layer => ids.map(() => layer)))
    expect(valuesOf('token')).toEqual([ids, ids, ids, ids].flat())
    const lengths = [...residual].map((_, i) => i).filter(i => i % width === 0)
    lengths.forEach((start, pos) =>
      expect(valuesOf('norm')[ids.length + pos]).toBeCloseTo(
        Math.hypot(...residual.slice(start, start + width)),
        3
      )
    )
    const few = await projectionOf('gpt2', { set: 'token-layers', points: 12 }, { ids })
    const kept = [...variable(few, 'index').data]
    expect(kept).toHaveLength(12)
    for (const layer of [1, 2, 3])
      expect(kept.slice(3 * layer, 3 * layer + 3)).toEqual(kept.slice(0, 3))
    expect(few.attributes['points']).toBe('a sample of 12 of 20')

    // The nearest others in the full space, by distances of all pairs.
    const row = (pos: number) => residual.slice(pos * width, (pos + 1) * width)
    const near = variable(tokens, 'near').data
    const apart = variable(tokens, 'near_distance').data
    ids.forEach((_, pos) => {
      const others = ids
        .map((_, other) => ({
          other,
          distance: Math.hypot(...row(pos).map((value, i) => value - row(other)[i]!))
        }))
        .filter(({ other }) => other !== pos)
        .sort((a, b) => a.distance - b.distance)
      expect([...near.slice(4 * pos, 4 * pos + 4)]).toEqual(others.map(({ other }) => other))
      others.forEach(({ distance }, n) => expect(apart[4 * pos + n]).toBeCloseTo(distance, 3))
    })

    const { path, fingerprint } = model
    const inputs = [
      [1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
      [10, 11, 12]
    ].map(ids => ({ ids }))
    const corpus = { inputs, window: null, stride: null }
    const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
    const asked = { name: 'project', params: { set: 'sentences' }, of, with: null }
    const texts = await workbench.handlers['analysis.run'](asked, uncancelled())
    expect([...variable(texts, 'index').data]).toEqual([0, 1, 2, 3])
    // Each by one of its tokens, at the last layer.
    for (const sentence of ['first', 'last'] as const) {
      const own = { ...asked, params: { set: 'sentences', sentence } }
      const found = variable(await workbench.handlers['analysis.run'](own, uncancelled()), 'norm')
      for (const [i, { ids }] of inputs.entries()) {
        const all = await runs.value(await runs.start(ids), `blocks.${nLayers - 1}.hook_resid_post`)
        const from = sentence === 'first' ? 0 : all.length - width
        expect(found.data[i]).toBeCloseTo(Math.hypot(...all.slice(from, from + width)), 3)
      }
    }
  })

  it('are called by how texts begin', async () => {
    const { model } = await editedRuns(workbench, 'shakespeare-char')
    const { path, fingerprint } = model
    const inputs = ['To be, or not', '\n Ay ', `${'na'.repeat(60)}`].map(text => ({ text }))
    const corpus = { inputs, window: null, stride: null }
    const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
    const asked = { name: 'project', params: { set: 'sentences' }, of, with: null }
    const found = await workbench.handlers['analysis.run'](asked, uncancelled())
    expect(found.axes['point']?.labels).toEqual(['To be, or not', 'Ay', `${'na'.repeat(39)}n…`])
  })

  it('are sentences of a text, each as if it stood by itself', async () => {
    const { model } = await editedRuns(workbench, 'shakespeare-char')
    const { path, fingerprint } = model
    const ofInputs = (texts: readonly string[], cut: { sentences?: true; window?: number }) => ({
      name: 'project',
      params: { set: 'sentences' },
      of: {
        model: { path, fingerprint },
        corpus: { inputs: texts.map(text => ({ text })), window: null, stride: null, ...cut },
        edits: [],
        provider: 'cpu' as const
      },
      with: null
    })
    const sentences = ['The cat sat.', 'A dog ran!', 'Was it late?', 'It was.']
    const ask = (asked: ReturnType<typeof ofInputs>) =>
      workbench.handlers['analysis.run'](asked, uncancelled())
    const parted = await ask(ofInputs([sentences.join(' ')], { sentences: true }))
    const each = await ask(ofInputs(sentences, {}))
    for (const name of ['norm', 'places', 'near_distance'])
      expect(variable(parted, name).data).toEqual(variable(each, name).data)
    expect(parted.attributes['cut']).toBe('into sentences, each read by itself')
    await expect(ask(ofInputs(sentences, { sentences: true, window: 8 }))).rejects.toThrow(
      /Each sentence is a window by itself/
    )
  })

  it('lie along an axis from one word to another: 0 at the one, 1 at the other', async () => {
    const params = { method: 'axis', axes: [[5, 'Z']] }
    const result = await projectionOf('shakespeare-char', params)
    const labels = result.axes['point']!.labels!
    const places = variable(result, 'places').data
    expect(places[2 * 5]).toBeCloseTo(0, 9)
    expect(places[2 * labels.indexOf('Z')]).toBeCloseTo(1, 9)
    expect(result.axes['dimension']?.labels).toEqual(['#5 → Z', 'PC 1 of the rest'])
    // What is left has no part along it: both ends lie alike.
    expect(places[2 * 5 + 1]).toBeCloseTo(places[2 * labels.indexOf('Z') + 1]!, 6)
  })
})

it.each([
  [{ method: 'axis' }, null, /from which word to which/],
  [{ axes: [[1, 2]] }, null, /takes no axes/],
  [{ method: 'axis', axes: [[4, 4]] }, null, /have the same vector/],
  [{ method: 'axis', set: 'W_in', axes: [[1, 2]] }, null, /W_in are not/],
  [{ components: [1, 2, 3] }, null, /3 are named, for 2 dimensions/],
  [{ method: 'umap', components: [1, 2] }, null, /umap: takes no components/],
  [{ points: 2 }, null, /points/],
  [{ set: 'tokens' }, null, /a text is needed/],
  [{ set: 'input' }, { ids: [1, 2, 3] }, /takes no text/],
  [{ set: 'tokens' }, { ids: [1, 2] }, /2 points are too few/],
  [{ set: 'W_in', layers: [99] }, null, /layer 99/]
])('refuses %j', async (params, input, message) => {
  await expect(projectionOf('gpt2', params as never, input)).rejects.toThrow(message)
})
