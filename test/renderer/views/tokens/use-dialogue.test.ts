import { createPinia, setActivePinia } from 'pinia'
import { effectScope, reactive, shallowRef } from 'vue'
import { expect, it } from 'vitest'
import type { Result } from '#common/contract/api.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { TokensOptions } from '../../../../src/renderer/src/views/tokens/tokens-options.ts'
import { useDialogue } from '../../../../src/renderer/src/views/tokens/use-dialogue.ts'
import { answering, model, pending } from '../../fake-client.ts'

it('offers the templates of the model that is looked at, also while a dialogue is written anew', async () => {
  setActivePinia(createPinia())
  const asked: ReturnType<typeof pending<Result<'text.chat'>>>[] = []
  answering({
    'text.chat'() {
      const own = pending<Result<'text.chat'>>()
      asked.push(own)
      return own.promise
    }
  })
  const rendered = (template: string) =>
    ({ text: '', tokens: [], spans: null, template, templates: [template], source: '' }) as never
  const subject = shallowRef(model('letters'))
  const options = reactive(
    TokensOptions.parse({ form: 'dialogue', turns: [{ role: 'user', content: 'a' }] })
  )
  const scope = effectScope()
  const { chat, current } = scope.run(() =>
    useDialogue(() => ({ model: subject.value }) as ViewSubject, options)
  )!
  const said = () => [chat.value?.template, current.value?.template]
  asked[0]!.resolve(rendered('short'))
  await expect.poll(said).toEqual(['short', 'short'])
  options.turns = [{ role: 'user', content: 'ab' }]
  expect(said()).toEqual(['short', undefined])
  await expect.poll(() => asked.length).toBe(2)
  subject.value = model('words')
  expect(said()).toEqual([undefined, undefined])
  await expect.poll(() => asked.length).toBe(3)
  asked[2]!.resolve(rendered('long'))
  await expect.poll(said).toEqual(['long', 'long'])
  scope.stop()
})
