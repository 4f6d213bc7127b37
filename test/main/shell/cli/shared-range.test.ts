import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { KeptPart } from '#common/figure/drawing.ts'
import { rangeWords } from '#common/figure/color-bar.ts'
import { figureViewNamed, figureViews } from '#common/figure/views/registry.ts'
import type { AskedParams } from '#common/figure/views/figure-view.ts'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { Sides } from '#common/analysis/sides.ts'
import {
  madeFigure,
  secondOf,
  type AskedFigure,
  type AskedSide
} from '#common/figure/made/made-figure.ts'
import { commandMaker } from '../../../../src/main/shell/cli/command-maker.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'

// Two that are drawn beside each other are in the range of both, as in a window.

let workbench: Workbench
let commands: CommandLine
let models: readonly [ModelInfo, ModelInfo]
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  const open = (path: string) => commands.client.call('models.open', { path })
  models = [await open(shakespeare), await open(hebrew)]
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const told = { version: '1.2.3', printError: () => undefined }
const maker = (client: Client) => commandMaker(client, told)
function side(
  view: string,
  params: AskedParams,
  text: string | null,
  model = models[0]
): AskedSide {
  const inputs = text === null ? [] : [{ text }]
  const reads = { inputs, name: null, window: null, stride: null }
  return { view: figureViewNamed(view), params, model, reads, edits: [], provider: 'cpu' }
}
async function partsOf(own: AskedSide, other: AskedSide | null = null, sides: Sides | null = null) {
  const asked = { ...own, sides, other: other && secondOf(own, other) }
  const made = await madeFigure(maker(commands.client), asked)
  return { parts: made.kept()!.parts, from: made.from }
}
async function all(own: AskedSide, other: AskedSide) {
  const [one] = (await partsOf(own)).parts
  const [second] = (await partsOf(other)).parts
  const beside = await partsOf(own, other, 'beside')
  expect(beside.parts).toHaveLength(2)
  return { alone: [one!, second!] as const, ...beside }
}

const words = ({ follows, shared = false }: KeptPart['look']) => rangeWords({ follows, shared })

const texts = ['To be, or not to be', 'Whether tis nobler in the mind'] as const

describe('colours of two that are drawn beside each other', () => {
  it.each([
    ['attention', { layer: 1, head: 2 }],
    ['lines', { layer: 1, heads: [2] }],
    ['text', { layer: 1, head: 2 }],
    ['rollout', { layer: 2 }],
    ['all-heads', { layers: [0] }],
    ['atlas-map', {}],
    ['logit-lens', {}],
    ['predictions', {}],
    ['predictions', { form: 'text' }],
    ['activations', {}],
    ['activations', { form: 'units' }],
    ['hidden-states', {}],
    ['neuron', { layer: 0, unit: 3 }],
    ['head-contexts', { layer: 1, head: 2 }],
    ['saliency', { form: 'text', of: 'loss' }],
    ['direct-logit-attribution', { form: 'text', at: '5:4' }]
  ])('of %s %o are those of the range of both, which is said', async (view, params) => {
    const { alone, parts } = await all(side(view, params, texts[0]), side(view, params, texts[1]))
    const ranges = alone.map(({ look }) => look.range)
    const low = Math.min(...ranges.map(({ low }) => low))
    const high = Math.max(...ranges.map(({ high }) => high))
    for (const { look } of parts) {
      expect(look.range.low).toBeCloseTo(low, 9)
      expect(look.range.high).toBeCloseTo(high, 9)
      expect(words(look)).toBe('shared range')
    }
    for (const { look } of alone) expect(words(look)).toBe('own range')
  })

  it.each([
    ['circuits', {}],
    ['tensor', { tensor: 'blocks.0.attn.W_O' }]
  ])('of %s are those of both models', async (view, params) => {
    const known = models.map(
      model => model.tensors.find(({ shape }) => shape.length === 2 && shape[0] === shape[1])!.name
    )
    const set = (at: number) => ('tensor' in params ? { tensor: known[at]! } : params)
    const { alone, parts } = await all(
      side(view, set(0), null),
      side(view, set(1), null, models[1])
    )
    const highs = alone.map(({ look }) => look.range.high)
    expect(highs[0]).not.toBe(highs[1])
    for (const { look } of parts) {
      expect(look.range.high).toBeCloseTo(Math.max(...highs), 9)
      expect(look.shared).toBe(true)
    }
  })

  it('stay those of each where something else is drawn, or a range is asked for', async () => {
    const own = side('logit-lens', { by: 'probability' }, texts[0])
    const others = [{ by: 'entropy' }, { range: [0, 0.5] }, { range: 'fixed' }]
    for (const set of others) {
      const other = side('logit-lens', { by: 'probability', ...set }, texts[1])
      const { alone, parts } = await all(own, other)
      expect(parts.map(({ look }) => look)).toEqual(alone.map(({ look }) => look))
    }
  })

  it.each([
    ['tensor', { form: 'histogram' }],
    ['activations', { form: 'histogram' }]
  ])('are those of neither where %s %o has none', async (view, params) => {
    const [{ name: tensor }] = models[0].tensors as [ModelInfo['tensors'][number]]
    const of = (text: string) =>
      view === 'tensor' ? side(view, { ...params, tensor }, null) : side(view, params, text)
    const { parts } = await all(of(texts[0]), of(texts[1]))
    for (const { look } of parts) expect(look.shared ?? false).toBe(false)
  })

  it('are asked for by the same command as they were', async () => {
    const [own, other] = texts.map(text => side('attention', { layer: 1, head: 2 }, text))
    const { from } = await all(own!, other!)
    expect('again' in from && from.again).toMatchObject({
      ...{ view: 'attention', params: { layer: 1, head: 2 }, sides: 'beside' }
    })
  })
})

type Spans = Readonly<Record<string, Readonly<Record<string, number>>>>
const dataOf = ({ data }: KeptPart) => data as Record<string, unknown>

describe('axes of two that are drawn beside each other', () => {
  it('of products and scores have room for both', async () => {
    const cell = { layer: 1, head: 2, query: 9, key: 4 }
    const [own, other] = texts.map(text => side('products', cell, text))
    const products = await all(own!, other!)
    const spans = products.parts.map(part => dataOf(part)['spans'] as Spans)
    expect(spans[0]).toEqual(spans[1])
    const queries = products.alone.flatMap(part => dataOf(part)['q'] as number[])
    expect(spans[0]!['q']).toEqual({ low: Math.min(0, ...queries), high: Math.max(0, ...queries) })

    const [one, second] = texts.map(text => side('scores', cell, text))
    const scores = await all(one!, second!)
    const weights = scores.alone.flatMap(part => dataOf(part)['weights'] as number[])
    for (const part of scores.parts)
      expect(dataOf(part)['span']).toMatchObject({ weight: Math.max(...weights) })
  })

  it('of a distribution and of two scores have room for both', async () => {
    const head = { layer: 1, head: 2 }
    for (const [view, params] of [
      ['head-distribution', head],
      ['atlas-scatter', {}]
    ] as const) {
      const { alone, parts } = await all(side(view, params, texts[0]), side(view, params, texts[1]))
      const said = parts.map(part => JSON.stringify([dataOf(part)['span'], axesOf(part)]))
      expect(said[0]).toBe(said[1])
      const own = alone.map(part => JSON.stringify([dataOf(part)['span'], axesOf(part)]))
      expect(own).not.toContain(said[0])
    }
  })

  it.each([{}, { score: 'entropy', lowest_first: true }])(
    'of ranked heads have room for both: %o',
    async params => {
      const [own, other] = texts.map(text => side('head-ranking', params, text))
      const { alone, parts } = await all(own!, other!)
      const values = alone.flatMap(part =>
        (dataOf(part)['bars'] as { readonly value: number }[]).map(({ value }) => value)
      )
      const both = { low: Math.min(0, ...values), high: Math.max(0, ...values) }
      for (const part of parts) expect(dataOf(part)['span']).toEqual(both)
      for (const part of alone) expect(dataOf(part)).not.toHaveProperty('span')
      // Of two scores nothing is alike.
      const unlike = side('head-ranking', { score: 'previous' }, texts[1])
      for (const part of (await all(own!, unlike)).parts)
        expect(dataOf(part)).not.toHaveProperty('span')
    }
  )

  it('and lines of all heads are as opaque for as much', async () => {
    const [own, other] = texts.map(text => side('model-lines', {}, text))
    const { alone, parts } = await all(own!, other!)
    const highs = (part: KeptPart) =>
      (dataOf(part)['cells'] as { readonly high: number }[]).map(({ high }) => high)
    const both = alone.map(highs)
    const most = both[0]!.map((high, i) => Math.max(high, both[1]![i]!))
    for (const part of parts) expect(highs(part)).toEqual(most)
  })
})

it.each([
  ['head-distribution', { layer: 1, head: 2 }],
  ['atlas-scatter', {}],
  ['saliency', { form: 'heads', of: 'loss' }]
])('nothing more of %s %o is analysed for that than of each alone', async (view, params) => {
  const asked = async (figure: AskedFigure) => {
    let count = 0
    const client: Client = {
      ...commands.client,
      call(method, given, options) {
        if (method === 'analysis.run') count += 1
        return commands.client.call(method, given, options)
      }
    }
    await madeFigure(maker(client), figure)
    return count
  }
  const [own, other] = texts.map(text => side(view, params, text)) as [AskedSide, AskedSide]
  const alone = { sides: null, other: null }
  const each = [await asked({ ...own, ...alone }), await asked({ ...other, ...alone })]
  expect(Math.min(...each)).toBeGreaterThan(0)
  const both = await asked({ ...own, sides: 'beside', other: secondOf(own, other) })
  expect(both).toBe(each[0]! + each[1]!)
})

function axesOf(part: KeptPart) {
  return ['x', 'y'].map(name => (dataOf(part)[name] as Spans | undefined)?.['span'])
}

/** Whose range takes bounds, and which compares two by itself. */
const compares = 'compared-heads'

it('is of every view whose range takes more than words', () => {
  const bounded = figureViews.filter(({ name, params }) => {
    const range = JSON.stringify(paramsSchema(params).properties?.['range'] ?? '')
    return /"(array|number)"/.test(range) && name !== compares
  })
  const ranged = figureViews.filter(({ ranged }) => ranged !== undefined)
  const names = (views: typeof figureViews) => views.map(({ name }) => name).sort()
  expect(names(ranged)).toEqual(names(bounded))
})
