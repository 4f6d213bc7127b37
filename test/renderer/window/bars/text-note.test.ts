import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../../src/renderer/src/stores/runs.ts'
import { useTextNote } from '../../../../src/renderer/src/window/bars/text-note.ts'
import { answering, model, tokens } from '../../fake-client.ts'

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

it.each([
  ['ab', [0, 1], '1 character is not in the vocabulary: a'],
  ['abc', [0, 1, 2], '2 characters are not in the vocabulary: a b'],
  ['שלום a', [0, 4], '1 piece is not in the vocabulary: שלום'],
  ['no, yes', [0, 2, 3], '2 pieces are not in the vocabulary: no ,']
])('of what the vocabulary does not have in “%s”', async (text, cuts, told) => {
  setActivePinia(createPinia())
  answering({
    'text.tokenize': () =>
      tokens(text, cuts.slice(1)).map((token, i) => ({
        ...token,
        ...(i < cuts.length - 1 && { unknown: true as const })
      }))
  })
  const models = useModels()
  const own = model('a')
  models.open = [own]
  models.activate(own.id, 'A')
  const note = useTextNote()
  useRuns().text = text
  await expect.poll(() => note.value).toEqual({ kind: 'warning', text: told })
})
