import { createPinia, setActivePinia } from 'pinia'
import { effectScope, ref } from 'vue'
import { expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import type { Run } from '#common/contract/schemas.ts'
import type { Subject } from '#common/model/subject.ts'
import { useSubject } from '../../../src/renderer/src/reactive/use-subject.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { answering, model, pending, run } from '../fake-client.ts'

const letters = model('letters')
const words = model('words')

/** A tab that stays on what it is put on, and how the text of its runs ends. */
async function staying(first: Run) {
  setActivePinia(createPinia())
  const started: ReturnType<typeof pending<Run>>[] = []
  answering({
    'models.open': ({ path }) => (path === letters.path ? letters : words),
    'models.recent': () => [],
    'text.tokenize': () => [],
    'runs.start': () => {
      const own = pending<Run>()
      started.push(own)
      return own.promise
    }
  })
  for (const { path } of [letters, words]) await useModels().openPath(path)
  const on = ref<Subject>({ run: first.source, at: { layer: 0, head: 0 } })
  const scope = effectScope()
  const subject = scope.run(() =>
    useSubject(
      () => on.value,
      () => 'tab',
      () => undefined
    )
  )!
  await expect.poll(() => started.length).toBe(1)
  started[0]!.resolve(first)
  await expect.poll(() => subject.run?.id).toBe(first.id)
  const put = async (next: Run) => {
    on.value = { run: next.source, at: { layer: 0, head: 0 } }
    await expect.poll(() => started.length).toBe(2)
    return started[1]!
  }
  return { subject, put, stop: () => scope.stop() }
}

it('has no run of another model, neither while its own is on its way nor where there is none', async () => {
  const { subject, put, stop } = await staying(run(letters, 'a cat'))
  const own = await put(run(words, 'a cat'))
  expect([subject.model?.id, subject.run, subject.waiting]).toEqual([words.id, null, true])
  own.reject(new LamellaError('engine-failed', 'The text is too long'))
  await expect.poll(() => subject.error?.message).toBe('The text is too long')
  expect([subject.run, subject.waiting]).toEqual([null, false])
  stop()
})

it('has the run of before while that of another text is on its way, and not where there is none', async () => {
  const before = run(letters, 'a cat')
  const { subject, put, stop } = await staying(before)
  const own = await put(run(letters, 'a dog'))
  expect([subject.run?.id, subject.waiting]).toEqual([before.id, true])
  own.reject(new LamellaError('engine-failed', 'The engine stopped'))
  await expect.poll(() => subject.error?.message).toBe('The engine stopped')
  expect(subject.run).toBeNull()
  stop()
})
