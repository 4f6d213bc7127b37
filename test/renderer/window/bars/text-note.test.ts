import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useTextNote } from '../../../../src/renderer/src/window/bars/text-note.ts'
import { answering, model } from '../../fake-client.ts'

it.each([
  [undefined, { kind: 'problem', text: 'No tokens. Type another text.' }],
  ['missing', { kind: 'note', text: 'The session kept no run of this text.' }]
] as const)('of a text that has no tokens, of a model that is %s', async (absent, told) => {
  setActivePinia(createPinia())
  answering({
    'text.tokenize': () =>
      Promise.reject(new LamellaError('invalid-argument', 'No tokens', 'Type another text.'))
  })
  const models = useModels()
  const own = model('a', absent && { absent })
  models.open = [own]
  models.activate(own.id, 'A')
  const note = useTextNote()
  useRuns().text = 'a text'
  await nextTick()
  await expect.poll(() => note.value).toEqual(told)
})
