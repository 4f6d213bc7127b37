import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { cancelWork, isCancelled } from '#common/model/cancel.ts'
import { useTasks } from '../../../src/renderer/src/stores/tasks.ts'

beforeEach(() => setActivePinia(createPinia()))

/** Work that ends when the test says so, and the signal that it got. */
function work(label: string, outer?: AbortSignal) {
  const { promise, resolve } = Promise.withResolvers<void>()
  let signal: AbortSignal | undefined
  const done = useTasks().track(
    label,
    options => {
      signal = options.signal
      options.onProgress({ label: 'x', done: 1, total: 2 })
      return promise
    },
    outer
  )
  const how = () => (signal?.aborted ? (isCancelled(signal) ? 'cancelled' : 'abandoned') : 'wanted')
  return { how, finish: () => (resolve(), done) }
}

describe('tasks', () => {
  it('show what is under way until it ends', async () => {
    const tasks = useTasks()
    const { finish } = work('Running')
    expect(tasks.busy).toBe(true)
    expect(tasks.tasks).toMatchObject([{ progress: { done: 1, total: 2 } }])
    await finish()
    expect(tasks.busy).toBe(false)
  })

  it('are elsewhere while no view has them in sight', async () => {
    const tasks = useTasks()
    const { finish } = work('Running')
    const [task] = tasks.tasks
    expect(tasks.elsewhere).toEqual([task])
    const [one, other] = [tasks.showInView(task!.id), tasks.showInView(task!.id)]
    expect(tasks.elsewhere).toEqual([])
    one()
    expect(tasks.elsewhere).toEqual([])
    other()
    expect(tasks.elsewhere).toEqual([task])
    await finish()
    expect(tasks.taskOf(task!.id)).toBeNull()
  })

  it('cancel one, or all', () => {
    const tasks = useTasks()
    const [one, two, three] = [work('1'), work('2'), work('3')]
    tasks.cancel(tasks.tasks[1]!.id)
    expect([one, two, three].map(({ how }) => how())).toEqual(['wanted', 'cancelled', 'wanted'])
    tasks.cancelAll()
    expect([one, two, three].map(({ how }) => how())).toEqual(Array(3).fill('cancelled'))
  })

  it('are given up as who asked for them gives up', () => {
    const [left, cancelled] = [new AbortController(), new AbortController()]
    const works = [work('1', left.signal), work('2', cancelled.signal), work('3')]
    left.abort()
    cancelWork(cancelled)
    expect(works.map(({ how }) => how())).toEqual(['abandoned', 'cancelled', 'wanted'])
    expect(work('4', left.signal).how()).toBe('abandoned')
  })
})
