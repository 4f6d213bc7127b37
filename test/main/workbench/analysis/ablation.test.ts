import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CorpusInput } from '#common/analysis/subject.ts'
import { classNames, tokenClasses } from '#common/analysis/token-classes.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { type Dataset, variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { editedRuns } from '../../../golden/analysis/edited-runs.ts'
import { shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
let encoder: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
  encoder = (await editedRuns(workbench, 'bert')).model
})
afterAll(() => workbench.close())

function ablation(
  { path, fingerprint }: ModelInfo,
  inputs: CorpusInput[],
  params: Record<string, string | number[][] | number[]> = {},
  { edits = [] as Edit[], labels = [] as string[] } = {}
): Promise<Dataset> {
  const corpus = { inputs, window: null, stride: null }
  const of = { model: { path, fingerprint }, corpus, edits, provider: 'cpu' as const }
  const progress = ({ label }: { label: string }) => void labels.push(label)
  const asked = { name: 'ablation', params, of, with: null }
  return workbench.handlers['analysis.run'](asked, { ...uncancelled(), progress })
}

const some = { layers: [3] }
const data = (result: Dataset, name: string) => [...variable(result, name).data]
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

it('pools windows: every predicted token counts alike', async () => {
  const texts = [{ text: 'To be, or not' }, { text: 'Enter a Messenger.' }]
  const both = await ablation(model, texts, some)
  const each = await Promise.all(texts.map(text => ablation(model, [text], some)))
  const counts = each.map(one => data(one, 'predicted_tokens')[0]!)
  expect(counts).toEqual([12, 17])
  for (const name of ['loss', 'zero', 'mean', 'zero_attn', 'mean_mlp', 'mask_grad'])
    data(both, name).forEach((value, i) => {
      const sum = each.reduce((sum, one, window) => sum + counts[window]! * data(one, name)[i]!, 0)
      expect(value, name).toBeCloseTo(sum / 29, 6)
    })
  expect(both.variables['zero_token_loss']).toBeUndefined()
})

it('tells the loss of the tokens of each class', async () => {
  const text = 'The Queen, my lord, is dead.'
  const result = await ablation(model, [{ text }], some)
  const classes = tokenClasses([...text]).slice(1)
  const of = (losses: readonly number[], bit: number) =>
    mean(losses.filter((_, i) => (classes[i]! >> bit) & 1))
  const losses = data(result, 'mean_token_loss').slice(2 * classes.length, 3 * classes.length)
  for (const [bit, name] of classNames.entries()) {
    const count = classes.filter(own => (own >> bit) & 1).length
    expect(data(result, 'class_tokens')[bit], name).toBe(count)
    const found = [
      data(result, 'class_loss')[bit]!,
      data(result, 'mean_class_loss')[2 * classNames.length + bit]!
    ]
    const expected = [of(data(result, 'token_loss'), bit), of(losses, bit)]
    // Of a class that the text has not there is none.
    if (expected.some(Number.isNaN)) expect(found, name).toEqual([NaN, NaN])
    else found.forEach((loss, i) => expect(loss, name).toBeCloseTo(expected[i]!))
  }
  expect(result.axes['predicted']?.labels?.join('')).toBe(text.slice(1))
})

it('ablates what an edited run does, after its edits, and says how far it is', async () => {
  const without: Edit = {
    hook: 'blocks.3.attn.hook_z',
    at: { head: [1] },
    scale: 0,
    add: null
  }
  const labels: string[] = []
  const text = [{ text: 'Speak, speak.' }]
  const edited = await ablation(model, text, some, { edits: [without], labels })
  const plain = await ablation(model, text, some)
  // The head is gone already: without it, again, is the run itself.
  expect(data(edited, 'loss')[0]).toBeCloseTo(data(plain, 'zero')[1]!, 6)
  expect(data(edited, 'zero')[1]).toBeCloseTo(data(edited, 'loss')[0]!, 6)
  expect(data(edited, 'zero')[2]).not.toBeCloseTo(data(plain, 'zero')[2]!, 3)
  expect(labels).toContain('Edited run 1 of 12')
  expect(labels).toContain('Edited run 12 of 12')
})

describe('refuses', () => {
  const ids = [2, 4, 9, 4, 3]
  it.each([
    ['a mask for a decoder', () => model, { masked: '1:5' }, /predicts the next token/],
    ['an encoder without', () => encoder, {}, /which are masked is not said/],
    ['a token that is shown', () => encoder, { masked: '1:7,2:9' }, /position 2 is to be masked/],
    ['a position outside', () => encoder, { masked: '5:7' }, /masked position 5 is outside/],
    ['a token outside', () => encoder, { masked: '1:7000' }, /label 7000 is outside/],
    ['what is no list', () => encoder, { masked: '1-7' }, /such as 3:12,7:44/],
    ['a head outside', () => model, { set: [[0, 4]] }, /head 4 is outside/]
  ])('%s', async (_, of, params, message) => {
    await expect(ablation(of(), [{ ids }], params)).rejects.toThrow(message)
  })

  it('two windows of a mask', async () => {
    const two = [{ ids }, { ids }]
    await expect(ablation(encoder, two, { masked: '1:7' })).rejects.toThrow(/is a second window/)
  })
})
