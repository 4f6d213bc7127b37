import { effectScope, reactive } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dataset } from '#common/data/dataset.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { SaliencyOptions } from '../../../../src/renderer/src/views/saliency/saliency-options.ts'
import { useSaliency } from '../../../../src/renderer/src/views/saliency/use-saliency.ts'
import { answering, model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

function asking(own: Parameters<typeof model>[1], set: Partial<SaliencyOptions>) {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['logits'], ...own })
  const subject = { model: letters, run: run(letters, 'abc'), cell: null, layer: 0, head: 0 }
  const options = reactive(SaliencyOptions.parse(set))
  const scope = effectScope()
  const saliency = scope.run(() =>
    useSaliency(
      () => subject as unknown as ViewSubject,
      options,
      () => true
    )
  )!
  /** The newest question that an analysis asks, of those whose steps are so many. */
  const question = async (name: string, steps?: number) => {
    const found = () =>
      questions.findLast(
        ({ asked }) =>
          asked.name === name && (steps === undefined || asked.params['steps'] === steps)
      )
    await expect.poll(found).toBeDefined()
    return found()!
  }
  const expected = async () => {
    const { resolve } = await question('predictions')
    resolve([{ token: subject.run.tokens[0], probability: 0.5 }])
  }
  return { saliency, options, question, expected, scope }
}

describe('what numbers were asked with is kept with them, also once other settings were stopped:', () => {
  it('over the text', async () => {
    const { saliency, options, question, expected, scope } = asking({}, { method: 'ig', steps: 50 })
    const latest = saliency.groups.path
    await expected()
    ;(await question('saliency', 50)).resolve(dataset({}, {}))
    await expect.poll(() => latest.value.value).not.toBeNull()
    options.steps = 400
    ;(await question('saliency', 400)).reject(cancelled())
    await expect.poll(() => latest.error.value?.code).toBe('cancelled')
    expect(latest.value.value).toMatchObject({
      settings: { steps: 50, rule: 'midpoint', baseline: 'zero' }
    })
    scope.stop()
  })

  it('as a map', async () => {
    const set = { form: 'map', method: 'ig', steps: 50 } as const
    const { saliency, options, question, scope } = asking({}, set)
    const { map } = saliency
    ;(await question('saliency-map', 50)).resolve(dataset({}, {}))
    await expect.poll(() => map.value.value).not.toBeNull()
    options.steps = 60
    options.samples = 9
    ;(await question('saliency-map', 60)).reject(cancelled())
    await expect.poll(() => map.error.value?.code).toBe('cancelled')
    expect(map.value.value?.settings).toEqual({ steps: 50, rule: 'midpoint', baseline: 'zero' })
    scope.stop()
  })
})

describe('that no token hides others', () => {
  const found = async (tokenize: () => Token[]) => {
    askingStores()
    answering({ 'text.tokenize': tokenize })
    const { saliency, scope } = asking({ predicts: 'masked' }, { of: 'loss' })
    await expect.poll(() => saliency.mask.pending.value).toBe(false)
    const said = saliency.noLoss.value
    scope.stop()
    return { said, error: saliency.mask.error.value?.code }
  }

  it('is said where the vocabulary has none', async () => {
    expect(await found(() => [])).toEqual({ said: 'No token of this model hides others' })
  })

  it('is not where that could not be asked', async () => {
    const fails = () => {
      throw new LamellaError('engine-failed', 'The reader stopped')
    }
    expect(await found(fails)).toEqual({ said: null, error: 'engine-failed' })
  })
})
