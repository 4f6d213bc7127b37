import { effectScope, reactive } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { NeuronsOptions } from '../../../../src/renderer/src/views/neurons/neurons-options.ts'
import { useNeurons } from '../../../../src/renderer/src/views/neurons/use-neurons.ts'
import { model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const variable = (axes: string[], ...data: number[]) => ({
  ...{ axes, unit: '', about: '' },
  data: Float64Array.from(data)
})
/** Of a neuron that was read nowhere, and counts of none. */
const nothing = dataset(
  { place: axis(1), context: axis([]), cell: axis(0), bin: axis(0), rank: axis(0), part: axis(2) },
  {
    ...{ neurons: variable(['part'], 0, 0), tokens: variable([], 0) },
    ...{ mean: variable([], NaN), active: variable([], 0) },
    ...{ token: variable(['context', 'place']), activation: variable(['context', 'place']) },
    ...{ 'cell.tokens': variable(['cell']), 'bin.tokens': variable(['bin']) },
    ...{ 'context.bin': variable(['context']) }
  },
  { tokens: [] }
)

it('saves with a neuron the counts that are of what it was read from alone', async () => {
  const questions = askingStores()
  const letters = model('letters', { mlps: [{ neurons: 4 }] as never })
  const subject = { model: letters, run: run(letters, 'abc'), cell: null, layer: 0, neuron: null }
  const options = reactive(NeuronsOptions.parse({ neuron: { layer: 0, unit: 1 }, threshold: 0 }))
  const scope = effectScope()
  const { neuron, totals, totalsOfNeuron } = scope.run(() =>
    useNeurons(
      () => subject as unknown as ViewSubject,
      options,
      () => true
    )
  )!
  await expect.poll(() => questions.length).toBe(2)
  for (const { resolve } of questions) resolve(nothing)
  await expect.poll(() => neuron.value.value).not.toBeNull()
  expect(totalsOfNeuron.value).toBe(totals.value.value.value)
  options.threshold = 1
  await expect.poll(() => questions.length).toBe(4)
  const [counts, own] = questions
    .slice(2)
    .sort((a, b) => a.asked.label.localeCompare(b.asked.label))
  counts!.reject(cancelled())
  own!.resolve(nothing)
  await expect.poll(() => neuron.value.value?.params.threshold).toBe(1)
  expect([totals.value.value.value?.threshold, totalsOfNeuron.value]).toEqual([0, null])
  scope.stop()
})
