import { afterAll, beforeAll, expect, it } from 'vitest'
import { headContextsOf } from '#common/analysis/head-contexts/contexts-of.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { soliloquy } from './soliloquy.ts'

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
})
afterAll(() => workbench.close())

const layer = 1
const head = 2
const window = 48

function analysed(name: string, params: Record<string, number | string | number[]>) {
  const { path, fingerprint } = model
  const corpus = { inputs: [{ text: soliloquy }], window, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  return workbench.handlers['analysis.run']({ name, params, of, with: null }, uncancelled())
}

/** Of the head, of a variable of head-scores. */
function scoreOf(scores: Dataset, name: string, at: number): number {
  const { data } = variable(scores, name)
  const width = data.length / model.config!.nHeads
  return data[head * width + at]!
}

it('has the means of head-scores, over windows', async () => {
  const scores = await analysed('head-scores', { layers: [layer] })
  for (const [score, name, at] of [
    ['previous_token', 'offset', 1],
    ['duplicate_token', 'duplicate', 0],
    ['induction', 'induction', 0]
  ] as const) {
    const found = headContextsOf(await analysed('head-contexts', { layer, head, score }))
    expect(found.mean, score).toBeCloseTo(scoreOf(scores, name, at), 6)
  }
})

it('shows the text around each query, as it stands', async () => {
  const around = 20
  const result = await analysed('head-contexts', { layer, head, around, per_bin: 3 })
  const { bins } = headContextsOf(result)
  const contexts = bins.flatMap(({ contexts }) => contexts)
  expect(bins.length).toBeGreaterThan(5)
  for (const { tokens, window: number, start, query, weights } of contexts) {
    const from = number * window + start
    const text = tokens.map(({ text }) => text).join('')
    // A token is a letter.
    expect(text).toBe(soliloquy.slice(from, from + tokens.length))
    expect(weights.filter(weight => weight !== null)).toHaveLength(query - start + 1)
  }
})
