import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { CallOptions } from '#common/contract/rpc.ts'
import type { Progress } from '#common/contract/schemas.ts'
import { cancelWork } from '#common/model/cancel.ts'

/** Work under way that can be cancelled. */
export interface Task {
  readonly id: number
  readonly progress: Progress
  readonly startedAt: number
}

/** Everything that is running, oldest first. */
export const useTasks = defineStore('tasks', () => {
  const tasks = shallowRef<readonly Task[]>([])
  const controllers = new Map<number, AbortController>()
  /** How many views have a task in sight, by its id. */
  const inViews = shallowReactive(new Map<number, number>())
  let nextId = 1

  /** Runs work under a label; its progress shows, Cancel cancels it, and it is given up as `outer` is. */
  async function track<T>(
    label: string,
    work: (options: Required<CallOptions>, id: number) => Promise<T>,
    outer?: AbortSignal
  ): Promise<T> {
    const id = nextId++
    const controller = new AbortController()
    const startedAt = performance.now()
    controllers.set(id, controller)
    tasks.value = [...tasks.value, { id, progress: { label, done: 0, total: 0 }, startedAt }]
    const options = {
      signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
      onProgress(progress: Progress) {
        tasks.value = tasks.value.map(task => (task.id === id ? { ...task, progress } : task))
      }
    }
    try {
      return await work(options, id)
    } finally {
      controllers.delete(id)
      tasks.value = tasks.value.filter(task => task.id !== id)
    }
  }

  function taskOf(id: number): Task | null {
    return tasks.value.find(task => task.id === id) ?? null
  }

  /** Says that a view has a task in sight, until what is returned is called. */
  function showInView(id: number): () => void {
    inViews.set(id, (inViews.get(id) ?? 0) + 1)
    return () => {
      const left = (inViews.get(id) ?? 0) - 1
      if (left > 0) inViews.set(id, left)
      else inViews.delete(id)
    }
  }

  function cancel(id: number): void {
    cancelWork(controllers.get(id))
  }

  function cancelAll(): void {
    for (const controller of controllers.values()) cancelWork(controller)
  }

  return {
    tasks,
    /** Those that no view has in sight. */
    elsewhere: computed(() => tasks.value.filter(({ id }) => !inViews.has(id))),
    busy: computed(() => tasks.value.length > 0),
    track,
    taskOf,
    showInView,
    cancel,
    cancelAll
  }
})
