import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paramsSchema } from '#common/analysis/params-schema.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { madeFigure, secondOf, type AskedSide } from '#common/figure/made/made-figure.ts'
import { figureViewNamed, figureViews } from '#common/figure/views/registry.ts'
import type { AskedParams, FigureView } from '#common/figure/views/figure-view.ts'
import { LamellaError } from '#common/model/errors.ts'
import { providers } from '#common/model/provider.ts'
import { commandMaker } from '../../../../src/main/shell/cli/command-maker.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { shakespeare, startWorkbench } from '../../../golden/workbench.ts'

// What `--with-set` says of the second in a difference is seen in it, or is refused.

let workbench: Workbench
let commands: CommandLine
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
  model = await commands.client.call('models.open', { path: shakespeare })
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const maker = () => commandMaker(commands.client, { version: '1.2.3', printError: () => undefined })

/** Params of both, and of each view some that are others. */
const both = { layer: 1, head: 1, heads: [1], query: 9, key: 4 }
const others: Readonly<Record<string, unknown>> = {
  ...{ layer: 0, head: 2, heads: [2], query: 3, key: 2, layers: [0], how: 'max' },
  ...{ colors: 'viridis', scale: 'linear', range: 'fixed', pooling: 'mean', mirrored: true },
  ...{
    part: { row: 0, column: 0, rows: 4, columns: 4 },
    caption: 'another',
    first_token: 'hidden'
  },
  ...{ score: 'entropy', quantity: 'above', classes: { z: 'z' }, x: 'self', y: 'self' },
  ...{
    order: 'size',
    lowest_first: true,
    bound: 0.1,
    side: 'to',
    unit: 'word',
    token: 2,
    line: 300
  },
  ...{ least: 0.2, first: 2, rows: 4 }
}
const ofView: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aggregate: { heads: [[0, 1]] },
  'atlas-scatter': { range: { x: [0, 1], y: [0, 1] } },
  'head-ranking': { range: [0, 1] },
  products: { range: { q: [0, 1], k: [0, 1], products: [0, 1], sums: [0, 1] } },
  scores: { range: { depth: 9, weight: 0.9 } }
}

const subtracting = figureViews.filter(({ less }) => less !== undefined)
const namesOf = ({ params }: FigureView) => Object.keys(paramsSchema(params).properties ?? {})

/** What is drawn of one text less another, and its numbers. */
async function differenceOf(view: FigureView, withSet: Readonly<Record<string, unknown>>) {
  const known = namesOf(view)
  const set = Object.fromEntries(
    Object.entries(both).filter(([name]) => known.includes(name) && view.name !== 'aggregate')
  )
  const reads = (text: string) => ({
    ...{ inputs: [{ text }], name: null, window: null, stride: null }
  })
  const own: AskedSide = {
    ...{ view, params: set, model, edits: [], provider: 'cpu' },
    reads: reads('To be, or not to be')
  }
  const other = secondOf(own, {
    params: { ...set, ...withSet },
    reads: reads('Is this a question?')
  })
  const made = await madeFigure(maker(), { ...own, other, sides: 'difference' })
  return toldOf(made)
}

function toldOf(made: Awaited<ReturnType<typeof madeFigure>>): string {
  return JSON.stringify([made.kept(), made.dataset().variables], (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value
  )
}

describe.each(subtracting.map(view => [view.name, view] as const))(
  'a difference of %s',
  (name, view) => {
    let usual: string
    beforeAll(async () => {
      usual = await differenceOf(view, {})
    })

    it.each(namesOf(view))(
      'shows what is set of the second alone, or refuses it: %s',
      async param => {
        const value = ofView[name]?.[param] ?? others[param]
        expect(value, 'another value').toBeDefined()
        const made = differenceOf(view, { [param]: value })
        if (view.less!.ofSecond.includes(param)) return expect(await made).not.toBe(usual)
        const refused: unknown = await made.catch((error: unknown) => error)
        expect(refused).toBeInstanceOf(LamellaError)
        const { message, hint } = refused as LamellaError
        expect(message).toContain(`${name}: ${param} is the same for both in a difference`)
        expect(hint).toContain(`--with-set ${param}=`)
      }
    )
  }
)

it('is of all views that subtract', () => {
  expect(subtracting.map(({ name }) => name).sort()).toEqual([
    ...['aggregate', 'atlas-map', 'atlas-scatter', 'attention', 'head-ranking', 'lines'],
    ...['model-lines', 'offsets', 'products', 'rollout', 'scores', 'text']
  ])
})

describe('one less another of another view', () => {
  const read = { inputs: [{ text: 'To be, or not to be' }], name: null, window: null, stride: null }
  const side = (view: string, params: AskedParams): AskedSide => ({
    ...{ view: figureViewNamed(view), params, model, reads: read, edits: [], provider: 'cpu' }
  })

  it('takes of the second what its own view may have', async () => {
    const own = side('attention', { layer: 1, head: 1 })
    const less = async (how: string) => {
      const other = side('aggregate', { heads: [[1, 2], [0, 3]], how }) // prettier-ignore
      const made = await madeFigure(maker(), { ...own, other, sides: 'difference' })
      return toldOf(made)
    }
    expect(await less('max')).not.toBe(await less('mean'))
  })

  it('says what computed the second, where that was left to Lamella', async () => {
    const own = side('atlas-map', {})
    const corpus = { ...read, inputs: [{ text: 'Is this' }, { text: 'a question?' }] }
    const other: AskedSide = { ...own, reads: corpus, provider: 'auto' }
    const { from } = await madeFigure(maker(), { ...own, other, sides: 'difference' })
    expect(from.of.provider).toBe('cpu')
    expect(providers).toContain(from.less?.provider)
  })
})
