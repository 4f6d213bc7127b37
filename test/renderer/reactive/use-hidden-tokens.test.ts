import { createPinia, setActivePinia } from 'pinia'
import { effectScope, nextTick, reactive } from 'vue'
import { expect, it } from 'vitest'
import { useHiddenTokens } from '../../../src/renderer/src/reactive/use-hidden-tokens.ts'
import type { ViewSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { answering, model, run, tokens } from '../fake-client.ts'

it('hides tokens of the run that they were chosen in, and none of another', async () => {
  setActivePinia(createPinia())
  answering({
    'text.tokenize': ({ text }) => tokens(text, []).map(token => ({ ...token, special: true }))
  })
  const own = model('masked', { predicts: 'masked' })
  const of = (id: string) => run(own, 'abcd', { id, tokens: tokens('abcd', [1, 2, 3]) })
  const subject = reactive({ model: own, run: of('one') })
  const choice = reactive({ of: '', masked: [] as number[] })
  const scope = effectScope()
  const { mask, hidden, hide } = scope.run(() =>
    useHiddenTokens(() => subject as unknown as ViewSubject, choice)
  )!
  await expect.poll(() => mask.value.value).not.toBeNull()
  for (const position of [2, 0, 3, 2]) hide(position)
  expect(hidden.value).toEqual([0, 3])
  subject.run = of('another')
  await nextTick()
  expect(hidden.value).toEqual([])
  hide(1)
  expect([hidden.value, choice.of]).toEqual([[1], 'another'])
  scope.stop()
})

it('takes no mask of another vocabulary', async () => {
  setActivePinia(createPinia())
  answering({
    'text.tokenize'({ modelId, text }) {
      if (modelId !== 'id of one') throw new Error('The tokenizer stopped')
      return tokens(text, []).map(token => ({ ...token, special: true }))
    }
  })
  const of = (name: string) => {
    const own = model(name, { predicts: 'masked' })
    return { model: own, run: run(own, 'abc', { id: 'run', tokens: tokens('abc', [1, 2]) }) }
  }
  const subject = reactive(of('one'))
  const scope = effectScope()
  const { mask, hidden } = scope.run(() =>
    useHiddenTokens(() => subject as unknown as ViewSubject, { of: 'run', masked: [1] })
  )!
  await expect.poll(() => hidden.value).toEqual([1])
  Object.assign(subject, of('another'))
  await expect.poll(() => mask.error.value).not.toBeNull()
  expect([hidden.value, mask.current.value]).toEqual([[], null])
  scope.stop()
})
