import { expect, it } from 'vitest'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'
import type { FigureSource } from '#common/figure/views/figure-view.ts'
import { whyView } from '#common/figure/views/why-view.ts'
import { LamellaError } from '#common/model/errors.ts'

const numbers = (axes: string[], ...values: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(values)
})

/** Of two prompts, whose one part was run without in neither. */
const first = dataset(
  { window: axis(2), part: axis(['0.1']) },
  {
    difference: numbers([], 1),
    difference_sd: numbers([], 0.5),
    'prompt.difference': numbers(['window'], 2, 0),
    'prompt.position': numbers(['window'], 1, 1),
    'prompt.token': numbers(['window'], 2, 2),
    'prompt.other': numbers(['window'], 3, 3),
    'part.ablation': numbers(['part'], NaN)
  },
  { tokens: [], prompt_ends: ['to', 'be'] }
)

/** @param second what is answered where it is asked again, with that part */
function made(second: () => Promise<Dataset>) {
  const source = { input: { ids: [1] }, edits: [], provider: 'cpu' }
  const asked = {
    model: { name: 'a model', fingerprint: 'f' },
    version: '1',
    windows: () => Promise.resolve({ run: { source }, tokens: 1 }),
    analysis: (_: string, params: object) => ('parts' in params ? second() : Promise.resolve(first))
  } as unknown as FigureSource
  return whyView.make(asked, { at: 'last:2-3', form: 'prompts' })
}

it('draws what was kept where its parts were not, and tells what else went wrong', async () => {
  const kept = await made(() =>
    Promise.reject(new LamellaError('not-kept', 'why: the session keeps none'))
  )
  expect(kept.dataset().axes['window']?.length).toBe(2)
  const gone = new LamellaError('not-found', 'prompts.txt: does not exist')
  await expect(made(() => Promise.reject(gone))).rejects.toThrow(gone.message)
})
