import { describe, expect, it } from 'vitest'
import type { ModelFacts } from '#common/analysis/analysis.ts'
import { addPrompt, noPrompts, signsOf } from '#common/analysis/why/over-prompts.ts'
import { why } from '#common/analysis/why/why.ts'
import { variable } from '#common/data/dataset.ts'

const model = {
  ...{ name: 'small', predicts: 'next', labels: null, ofText: false, tensors: [] },
  config: { nLayers: 2, nHeads: 2, nKeyValueHeads: 2, dModel: 2, dHead: 1, dVocab: 9, nCtx: 99 }
} as unknown as ModelFacts
const place = { position: 1, token: 2, other: 3 }

/** Which parts are said to stand out. @param state as prompts have left it */
function standing(state: Parameters<typeof why.start>[2], facts = model): number[] {
  const taking = why.start(why.params.parse({ at: 'last:2-3', top: 1 }), facts, state)
  return [...variable(taking.result(), 'part.stands_out').data]
}

it('more places than there are prompts are refused: the last would be left out', () => {
  const own = (count: number) => {
    const sums = noPrompts()
    for (let i = 0; i < count; i++) addPrompt(sums, Array<number>(14).fill(i))
    const places = Array.from({ length: count }, () => place)
    const prompts = places.map((_, i) => `prompt ${i}`)
    return { sums, parts: {}, differences: places.map(() => 1), places, prompts, only: null }
  }
  const of = (at: string, count: number) =>
    why.start(why.params.parse({ at }), model, own(count)).result()
  expect(() => of('1:2-3,1:4-5,1:6-7', 2)).toThrow(
    'at: says 3 places, and there are fewer prompts, 2'
  )
  expect(variable(of('1:2-3,1:4-5', 2), 'prompt.position').data).toHaveLength(2)
  expect(variable(of('1:2-3', 2), 'prompt.position').data).toHaveLength(2)
})

describe('what stands out', () => {
  it.each([
    [5, 0, 1],
    [4, 1, 0],
    [6, 0, 1],
    // Exact, two-sided: 2 (1 + 8) / 2^8 and 2 (1 + 9) / 2^9.
    [7, 1, 0],
    [8, 1, 1]
  ])('of %i prompts one way and %i the other: %i', (positive, negative, expected) => {
    const sums = noPrompts()
    const own = noPrompts()
    for (let i = 0; i < positive + negative; i++) {
      const direct = i < positive ? 40 : -1
      addPrompt(sums, [direct, 0, 0, direct, 1, -1, 1, 0, 0, 1, 1, 0, 0, 0])
      addPrompt(own, [direct, direct, direct])
    }
    const places = Array.from({ length: sums.count }, () => place)
    const differences = places.map(() => 40)
    const prompts = places.map(String)
    const found = standing({
      ...{ sums, parts: { 'head 0.0': own }, differences, places, prompts, only: null }
    })
    expect(found).toEqual([expected])
  })

  it('tests nothing of windows that overlap, and says so', () => {
    const sums = noPrompts()
    const own = noPrompts()
    for (let i = 0; i < 12; i++) {
      addPrompt(sums, [40 + i, 0, 0, 40 + i, 1, -1, 1, 0, 0, 1, 1, 0, 0, 0])
      addPrompt(own, [40 + i, 40 + i, 40 + i])
    }
    const places = Array.from({ length: 12 }, () => place)
    const state = {
      ...{ sums, parts: { 'head 0.0': own }, differences: places.map(() => 40), places },
      ...{ prompts: places.map(String), only: null, overlap: false }
    }
    const params = why.params.parse({ at: 'last:2-3', top: 1 })
    const apart = why.start(params, model, state).result()
    expect(variable(apart, 'part.direct_p').data[0]).toBeCloseTo(2 / 2 ** 12, 12)
    expect(variable(apart, 'part.stands_out').data[0]).toBe(1)
    expect(apart.attributes).not.toHaveProperty('not_drawn')
    const window = { ids: Int32Array.of(2, 3), texts: null, label: '' }
    why.start(params, model, state).begin({ ...window, overlaps: true })
    expect(state.overlap).toBe(true)
    const overlapping = why.start(params, model, state).result()
    for (const name of ['part.direct_p', 'part.ablation_p', 'difference_p', 'head_p'])
      expect([...variable(overlapping, name).data], name).toSatisfy((all: number[]) =>
        all.every(Number.isNaN)
      )
    expect(variable(overlapping, 'part.stands_out').data[0]).toBe(0)
    expect(overlapping.attributes['not_drawn']).toMatch(/^Windows overlap: /)
  })

  it('has no p of what is the same in every prompt up to rounding', () => {
    const sums = noPrompts()
    for (let i = 0; i < 8; i++) addPrompt(sums, [3 + i * 1e-6, 3 + i * 1e-3, 0, i % 2])
    expect([...signsOf(sums)]).toEqual([NaN, expect.closeTo(2 / 2 ** 8, 12), 1, 2 / 2 ** 4])
  })

  /** Of one prompt: whether a part stands out that gives what it gives. */
  const ofOne = (
    part: { kind: 'head' | 'MLP'; layer: number; index: number | null },
    numbers: Record<string, number[]>,
    facts = model
  ) => {
    const nLayers = facts.config!.nLayers
    const direct =
      part.kind === 'MLP'
        ? numbers['mlp']![part.layer]!
        : numbers['head']![part.layer * facts.config!.nHeads + part.index!]!
    const all = {
      ...{
        difference: [direct],
        embed: [0],
        pos_embed: [0],
        attn_bias: new Array<number>(nLayers).fill(0)
      },
      ...{ ln_bias: [0], unembed_bias: [0], rest: [0], ...numbers }
    }
    const only = {
      numbers: Object.fromEntries(
        Object.entries(all).map(([name, values]) => [name, Float64Array.from(values)])
      ),
      parts: [{ ...part, direct, name: '', ablation: direct, gradient: direct, reads: null }],
      ...{ place, keys: ['a', 'b'] }
    } as never
    return standing(
      { sums: noPrompts(), parts: {}, differences: [6], places: [place], prompts: ['ab'], only },
      facts
    )[0]
  }
  const sized = (nLayers: number, nHeads: number) =>
    ({ ...model, config: { ...model.config, nLayers, nHeads } }) as ModelFacts
  const mlp = { kind: 'MLP', layer: 0, index: null } as const

  it('is held, of an MLP, against what the other halves of blocks give, their biases in it', () => {
    const of = (bias: number) =>
      ofOne(
        mlp,
        {
          head: [1, -1, 0, 0, 0, 0, 0, 0],
          mlp: [30, 1, 1, 1],
          attn_bias: new Array<number>(4).fill(bias)
        },
        sized(4, 2)
      )
    expect(of(0.5)).toBe(1)
    expect(of(2)).toBe(0)
  })

  it.each([
    [1, 1, [30], 0],
    [1, 2, [30, 0.1], 0],
    [1, 4, [30, 0.1, 0, -0.2], 0],
    [2, 2, [0.1, 0, 0, 30], 3]
  ])('is a head of %i layers of %i heads that gives all there is', (layers, heads, head, at) => {
    const part = { kind: 'head' as const, layer: Math.floor(at / heads), index: at % heads }
    const facts = sized(layers, heads)
    const of = (numbers: Record<string, number[]>) =>
      ofOne(part, { head, mlp: new Array<number>(layers).fill(0.2), ...numbers }, facts)
    expect(of({})).toBe(1)
    // Anything else may give so much that it is no longer all.
    for (const name of ['embed', 'pos_embed', 'ln_bias', 'unembed_bias'])
      expect(of({ [name]: [-3.1] }), name).toBe(0)
    for (const name of ['mlp', 'attn_bias'])
      expect(of({ [name]: new Array<number>(layers).fill(3.1) }), name).toBe(0)
    expect(of({ difference: [61] })).toBe(0)
  })

  it('is an MLP of one layer that gives all there is', () => {
    expect(ofOne(mlp, { head: [0.5], mlp: [30] }, sized(1, 1))).toBe(1)
    expect(ofOne(mlp, { head: [-4, 4], mlp: [30] }, sized(1, 2))).toBe(0)
  })
})
