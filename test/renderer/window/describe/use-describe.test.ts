import { describe, expect, it } from 'vitest'
import type { DescriptionCheck, Reading } from '#common/model/describe-reading.ts'
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
