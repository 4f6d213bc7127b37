import { effectScope, reactive, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { cancelled } from '#common/model/errors.ts'
import {
  useAskedTokens,
  type TokenChoice
} from '../../../src/renderer/src/reactive/use-asked-tokens.ts'
import type { ViewSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { model, run, tokens } from '../fake-client.ts'
import { askingStores } from '../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('offers tokens that are expected at the position that is asked about, and none of another once that failed', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['logits'] })
  const of = run(letters, 'abc', { tokens: tokens('abc', [1, 2]) })
  const at = shallowRef(1)
  const choice = reactive<TokenChoice>({ token: null, other: null })
  const scope = effectScope()
  const { candidates, asked, expected } = scope.run(() =>
    useAskedTokens(
      () => ({ model: letters, run: of, cell: null }) as unknown as ViewSubject,
      choice,
      {
        mayAsk: () => true,
        isPair: () => false,
        at: () => at.value
      }
    )
  )!
  const ids = () => candidates.value.map(({ id }) => id)
  questions[0]!.resolve([{ token: of.tokens[2], probability: 0.5 }])
  await expect.poll(ids).toEqual([of.tokens[2]!.id])
  expect(asked.value?.a).toBe(of.tokens[2]!.id)
  at.value = 2
  expect([ids().length, asked.value]).toEqual([1, null])
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => expected.error.value?.code).toBe('cancelled')
  expect([ids(), asked.value]).toEqual([[], null])
  scope.stop()
})

it('names ids by the vocabulary of the model that is looked at, and offers no token of the one before', async () => {
  const questions = askingStores()
  const of = (name: string) => {
    const own = model(name, { hooks: ['logits'] })
    return { model: own, run: run(own, 'abc'), cell: null } as unknown as ViewSubject
  }
  const subject = shallowRef(of('before'))
  const scope = effectScope()
  const { candidates, tokenOf, expected } = scope.run(() =>
    useAskedTokens(() => subject.value, reactive<TokenChoice>({ token: null, other: null }), {
      mayAsk: () => true,
      isPair: () => false
    })
  )!
  const [own] = tokens('a', [])
  const said = () => [candidates.value.length, tokenOf(own!.id).piece]
  questions[0]!.resolve([{ token: own, probability: 0.5 }])
  await expect.poll(said).toEqual([1, 'a'])
  subject.value = of('now')
  expect(said()).toEqual([0, '#0'])
  await expect.poll(() => questions.length).toBe(2)
  questions[1]!.reject(cancelled())
  await expect.poll(() => expected.error.value).not.toBeNull()
  expect(said()).toEqual([0, '#0'])
  scope.stop()
})
