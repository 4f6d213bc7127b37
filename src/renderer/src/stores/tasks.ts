import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { CallOptions } from '#common/contract/rpc.ts'
import { cancelWork } from '#common/model/cancel.ts'

/** Work under way that the status bar shows and can cancel. */
export interface Task {
  readonly id: number
  label: string
  done: number
  total: number
  readonly startedAt: number
}

/** Everything that is running, oldest first. */
export const useTasks = defineStore('tasks', () => {
  const tasks = ref<Task[]>([])
  const controllers = new Map<number, AbortController>()
  let nextId = 1

  /** Runs work under a label; its progress shows, Cancel cancels it, and it is given up as `outer` is. */
  async function track<T>(
    label: string,
    work: (options: Required<CallOptions>) => Promise<T>,
    outer?: AbortSignal
  ): Promise<T> {
    const id = nextId++
    const controller = new AbortController()
    controllers.set(id, controller)
    tasks.value.push({ id, label, done: 0, total: 0, startedAt: performance.now() })
    try {
      return await work({
        signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
        onProgress: ({ label, done, total }) => {
          const task = tasks.value.find(task => task.id === id)
          if (task) Object.assign(task, { label, done, total })
        }
      })
    } finally {
      controllers.delete(id)
      tasks.value = tasks.value.filter(task => task.id !== id)
    }
  }

  function cancel(id: number): void {
    cancelWork(controllers.get(id))
  }

  function cancelAll(): void {
    for (const controller of controllers.values()) cancelWork(controller)
  }

  return { tasks, busy: computed(() => tasks.value.length > 0), track, cancel, cancelAll }
})
