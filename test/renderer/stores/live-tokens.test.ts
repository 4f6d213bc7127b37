import { effectScope, nextTick, ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Token } from '#common/model/token.ts'
import { useLiveTokens } from '../../../src/renderer/src/stores/live-tokens.ts'
import { answering, model, pending, tokens } from '../fake-client.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const passed = async (ms: number) => {
  await nextTick()
  await vi.advanceTimersByTimeAsync(ms)
}

it('splits a text a moment after it was typed, at once for another model, and takes no late answer for a newer one', async () => {
  const asked = new Map<string, ReturnType<typeof pending<Token[]>>>()
  answering({
    'text.tokenize'({ modelId, text }) {
      const work = pending<Token[]>()
      asked.set(`${modelId}: ${text}`, work)
      return work.promise
    }
  })
  const [of, text] = [ref(model('a')), ref('one')]
  const scope = effectScope()
  const live = scope.run(() =>
    useLiveTokens(
      () => of.value,
      () => text.value
    )
  )!
  await passed(0)
  text.value = 'other'
  await passed(119)
  expect([...asked.keys()]).toEqual(['id of a: one'])
  await passed(1)
  asked.get('id of a: other')!.resolve(tokens('other', [2]))
  await passed(0)
  expect([live.tokens.value.length, live.known.value]).toEqual([2, true])
  asked.get('id of a: one')!.resolve(tokens('one', []))
  await passed(0)
  expect([live.tokens.value.length, live.known.value]).toEqual([2, true])

  of.value = model('b')
  await passed(0)
  expect([...asked.keys()].at(-1)).toBe('id of b: other')
  expect([live.tokens.value.length, live.known.value]).toEqual([0, false])
  scope.stop()
})
