import { beforeAll, expect, it } from 'vitest'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { editedRuns } from '../../../golden/analysis/edited-runs.ts'
import {
  analysed,
  modelIn,
  shakespeare,
  sharedWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const number = (result: Dataset, name: string) => variable(result, name).data[0]!

function lossOf({ path, fingerprint }: ModelInfo, inputs: CorpusInput[]): Promise<Dataset> {
  const corpus = { inputs, window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits: [], provider: 'cpu' as const }
  const asked = { name: 'loss', params: {}, of, with: null }
  return workbench.handlers['analysis.run'](asked, uncancelled())
}

it('is the mean of −ln p over the predicted tokens of all windows', async () => {
  const model = await modelIn(workbench, shakespeare)
  const texts = [{ text: 'To be, or not' }, { text: 'Enter a Messenger.' }]
  const each = await Promise.all(
    texts.map(text => analysed(workbench, model, 'token-probabilities', {}, text))
  )
  const surprisals = each.flatMap(one => [...variable(one, 'surprisal').data].slice(1))
  const mean = surprisals.reduce((sum, value) => sum + value, 0) / surprisals.length
  const result = await lossOf(model, texts)
  expect(number(result, 'predicted_tokens')).toBe(29)
  expect(number(result, 'loss')).toBeCloseTo(mean, 9)
  expect(number(result, 'perplexity')).toBeCloseTo(Math.exp(mean), 6)
})

it('is of a model of masked tokens that of those that are masked, as without an ablation', async () => {
  const { model } = await editedRuns(workbench, 'bert')
  const ids = { ids: [3, 9, 4, 20, 7, 5] }
  const masked = { masked: '2:11,4:8' }
  const [own, ablation] = await Promise.all([
    analysed(workbench, model, 'loss', masked, ids),
    analysed(workbench, model, 'ablation', { ...masked, layers: [0] }, ids)
  ])
  expect(number(own, 'loss')).toBeCloseTo(number(ablation, 'loss'), 9)
  expect(number(own, 'predicted_tokens')).toBe(2)
  await expect(analysed(workbench, model, 'loss', {}, ids)).rejects.toMatchObject({
    code: 'invalid-argument'
  })
})
