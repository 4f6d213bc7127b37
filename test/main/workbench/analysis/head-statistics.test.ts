import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { randomFrom } from '../../../fuzz/random.ts'
import { editedRuns } from '../../../golden/analysis/edited-runs.ts'
import { hebrew, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { genesis } from './genesis.ts'
import { soliloquy } from './soliloquy.ts'

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
})
afterAll(() => workbench.close())

function analysed(
  name: string,
  { path, fingerprint } = model,
  inputs: { text: string }[] | { ids: number[] }[] = [{ text: soliloquy }],
  window: number | null = 48,
  stride: number | null = null
): Promise<Dataset> {
  const corpus = { inputs, window, stride }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  return workbench.handlers['analysis.run']({ name, params: {}, of, with: null }, uncancelled())
}

it('has the values of head-scores over all windows', async () => {
  const scores = await analysed('head-scores')
  const statistics = await analysed('head-statistics')
  const names = statistics.axes['score']!.labels!
  const { data } = variable(statistics, 'value')
  const heads = model.config!.nLayers * model.config!.nHeads
  const valueOf = (name: string, head: number) => data[names.indexOf(name) * heads + head]!
  for (const [name, of, at] of [
    ['previous_token', 'offset', 1],
    ['self', 'offset', 0],
    ['first_token', 'sink', 0],
    ['duplicate_token', 'duplicate', 0],
    ['induction', 'induction', 0],
    ['entropy', 'entropy', 0],
    ['distance', 'distance', 0],
    ['to_vowel', 'class_mass', 3]
  ] as const) {
    const { data } = variable(scores, of)
    const width = data.length / heads
    for (let head = 0; head < heads; head++)
      expect(valueOf(name, head), name).toBeCloseTo(data[head * width + at]!, 5)
  }
  const { data: low } = variable(statistics, 'low')
  const { data: high } = variable(statistics, 'high')
  data.forEach((value, i) => {
    if (Number.isNaN(value)) return
    expect(low[i]).toBeLessThanOrEqual(value + 1e-9)
    expect(high[i]).toBeGreaterThanOrEqual(value - 1e-9)
  })
})

it('has of windows that overlap their means alone, and of those that do not what is so without a stride', async () => {
  const inputs = [{ text: soliloquy.slice(0, 400) }]
  const overlapping = await analysed('head-statistics', model, inputs, 24, 6)
  const scores = await analysed('head-scores', model, inputs, 24, 6)
  const { data: values } = variable(overlapping, 'value')
  const { data: offsets } = variable(scores, 'offset')
  const names = overlapping.axes['score']!.labels!
  const heads = model.config!.nLayers * model.config!.nHeads
  const from = names.indexOf('previous_token') * heads
  for (let head = 0; head < heads; head++)
    expect(values[from + head]).toBeCloseTo(offsets[head * (offsets.length / heads) + 1]!, 5)
  expect([...variable(overlapping, 'p').data].filter(p => !Number.isNaN(p))).toEqual([])
  expect(overlapping.axes['finding']!.length).toBe(0)
  expect(overlapping.attributes['not_drawn']).toContain('Windows overlap')

  const apart = await analysed('head-statistics', model, inputs, 24, 24)
  const usual = await analysed('head-statistics', model, inputs, 24)
  expect(apart.attributes['not_drawn']).toBeUndefined()
  for (const name of ['low', 'high', 'p'])
    expect(variable(apart, name).data).toEqual(variable(usual, name).data)
})

/** The scores of which a finding holds, on the windows of a text. */
async function held(path: string, text: string): Promise<Set<string>> {
  const opened = await workbench.handlers['models.open']({ path }, uncancelled())
  const result = await analysed('head-statistics', opened, [{ text }])
  const names = result.axes['score']!.labels!
  const holds = variable(result, 'finding.holds').data
  const scores = [...variable(result, 'finding.score').data]
  return new Set(scores.filter((_, i) => holds[i] === 1).map(score => names[score]!))
}

describe.each([
  ['English', shakespeare, soliloquy],
  ['Hebrew', hebrew, genesis]
])('the %s sample', (_, path, text) => {
  it('has heads of the previous token and of induction on its language', async () => {
    const found = await held(path, text)
    expect([...found]).toEqual(expect.arrayContaining(['previous_token', 'induction']))
  })

  it('has them on shuffled letters, too: they go by places and copy, whatever the text says', async () => {
    const random = randomFrom('shuffled')
    const letters = [...text]
    const shuffled = Array.from(
      letters.slice(),
      () => letters.splice(random.below(letters.length), 1)[0]!
    )
    const found = await held(path, shuffled.join(''))
    expect([...found]).toEqual(expect.arrayContaining(['previous_token', 'induction']))
  })
})

it('finds nothing in a model of random weights', async () => {
  const { model: untrained } = await editedRuns(workbench, 'gpt2')
  const random = randomFrom('untrained')
  const inputs = Array.from({ length: 24 }, () => ({
    ids: Array.from({ length: 32 }, () => random.below(96))
  }))
  const result = await analysed('head-statistics', untrained, inputs, null)
  const found = [...variable(result, 'finding.holds').data].filter(holds => holds === 1)
  expect(found).toEqual([])
})
