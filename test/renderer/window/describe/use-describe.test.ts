import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { DescriptionCheck, Question, Reading } from '#common/model/describe-reading.ts'
import { LamellaError } from '#common/model/errors.ts'
import { useSession } from '../../../../src/renderer/src/stores/session.ts'
import { useDescribe } from '../../../../src/renderer/src/window/describe/use-describe.ts'
import { answering, model, pending } from '../../fake-client.ts'

const reading = { description: {}, questions: [], problems: [] } as unknown as Reading
const result = (loss: number): DescriptionCheck => ({
  loss,
  chance: 3,
  perToken: new Float32Array(1),
  tokens: ['a'],
  method: 'next-token',
  explanation: ''
})

/** A check of a text that is under way. */
async function checking() {
  const checks: { text: string; work: ReturnType<typeof pending<DescriptionCheck>> }[] = []
  answering({
    'describe.infer': () => reading,
    'describe.check'({ text }) {
      const work = pending<DescriptionCheck>()
      checks.push({ text, work })
      return work.promise
    }
  })
  const state = useDescribe()
  await state.begin(model('a'), 'one')
  const first = state.runCheck()
  return { checks, state, first }
}

describe('a check that is asked for while one is under way', () => {
  it('is made after it, of what stands there then, once', async () => {
    const { checks, state, first } = await checking()
    state.text.value = 'two'
    await state.runCheck()
    await state.runCheck()
    expect(checks.map(({ text }) => text)).toEqual(['one'])
    checks[0]!.work.resolve(result(1))
    await expect.poll(() => checks.map(({ text }) => text)).toEqual(['one', 'two'])
    checks[1]!.work.resolve(result(2))
    await first
    expect([state.check.value?.loss, state.stale.value, checks.length]).toEqual([2, false, 2])
  })

  it('is made also when that one fails', async () => {
    const { checks, state, first } = await checking()
    state.text.value = 'two'
    await state.runCheck()
    checks[0]!.work.reject(new Error('broken'))
    await expect.poll(() => checks.length).toBe(2)
    checks[1]!.work.resolve(result(2))
    await first
    expect([state.check.value?.loss, state.failure.value]).toEqual([2, null])
  })
})

describe('what is left', () => {
  const heads: Question = {
    ...{ id: 'heads', label: 'Heads', help: '', kind: 'choice', value: '1' },
    ...{ basis: 'open', answered: false },
    options: ['1', '2', '3'].map(value => ({ value, text: value }))
  }
  const asking: Reading = { ...reading, questions: [heads] }

  /** A reading of two models with a question, whose checks and savings are under way. */
  async function asked() {
    const checks: ReturnType<typeof pending<DescriptionCheck>>[] = []
    const saving = pending<{ model: ModelInfo; savedTo: string }>()
    answering({
      'describe.infer': () => asking,
      'describe.check'() {
        const work = pending<DescriptionCheck>()
        checks.push(work)
        return work.promise
      },
      'describe.save': () => saving.promise
    })
    const state = useDescribe()
    await state.begin(model('a'), 'one')
    return { checks, saving, state }
  }

  it('is checked no further, nor compared', async () => {
    const { checks, state } = await asked()
    const work = state.runCheck()
    state.cancel()
    await work
    expect([checks.length, state.busy.value]).toEqual([1, false])
  })

  it('is not compared any further, nor checked', async () => {
    const { checks, state } = await asked()
    const work = state.compare([heads])
    await expect.poll(() => checks.length).toBe(1)
    void state.runCheck()
    state.cancel()
    await work
    expect([checks.length, state.busy.value]).toEqual([1, false])
  })

  it('does not keep from what is asked for of another model at once', async () => {
    const { checks, state } = await asked()
    void state.runCheck()
    void state.begin(model('b'), 'two')
    await expect.poll(() => state.busy.value).toBe(false)
    void state.runCheck()
    expect(checks).toHaveLength(2)
    checks[1]!.resolve(result(2))
    await expect.poll(() => state.check.value?.loss).toBe(2)
  })

  it('is read no further', async () => {
    const signals: (AbortSignal | undefined)[] = []
    answering({
      'describe.infer'(_asked, { signal }) {
        signals.push(signal)
        return pending<Reading>().promise
      }
    })
    const state = useDescribe()
    const work = state.begin(model('a'), 'one')
    state.cancel()
    await work
    expect(signals.map(signal => signal?.aborted)).toEqual([true])
    expect([state.reading.value, state.failure.value]).toEqual([null, null])
  })

  it('is said in the window where it could not be saved, and not of another model', async () => {
    setActivePinia(createPinia())
    const session = useSession()
    const { saving, state } = await asked()
    const work = state.save()
    state.cancel()
    await state.begin(model('b'), 'two')
    const error = new LamellaError('file-unwritable', 'the disk is full')
    saving.reject(error)
    expect(await work).toBeNull()
    const title = 'The description of a could not be saved.'
    expect(session.notice).toEqual({ title, lines: [], error })
    expect(state.failure.value).toBeNull()
  })

  it('is said where it was asked for while that is open', async () => {
    setActivePinia(createPinia())
    const { saving, state } = await asked()
    const work = state.save()
    const error = new LamellaError('file-unwritable', 'the disk is full')
    saving.reject(error)
    await work
    const title = 'The description could not be saved'
    expect([useSession().notice, state.failure.value]).toEqual([null, { title, error }])
  })

  it('is not said to be saved of another model, nor taken for it', async () => {
    const { saving, state } = await asked()
    const work = state.save()
    const b = model('b')
    await state.begin(b, 'two')
    const saved = model('a', { id: 'with its description' })
    saving.resolve({ model: saved, savedTo: '/a/lamella.json' })
    expect(await work).toBe(saved)
    state.goOn(saved)
    expect([state.model.value, state.savedTo.value]).toEqual([b, null])
    await state.begin(model('a'), 'one')
    state.goOn(saved)
    expect(state.model.value).toBe(saved)
  })
})
