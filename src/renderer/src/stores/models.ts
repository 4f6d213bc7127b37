import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { CachedModel, ModelInfo } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'
import { useTasks } from './tasks.ts'

/** A model that could not be opened, and why. */
export interface FailedOpening {
  readonly path: string
  readonly error: LamellaError
}

/** The open models and the one that the window is about. */
export const useModels = defineStore('models', () => {
  const tasks = useTasks()
  const open = shallowRef<readonly ModelInfo[]>([])
  const activeId = ref<string | null>(null)
  const recent = shallowRef<readonly { name: string; path: string }[]>([])
  const samples = shallowRef<readonly { name: string; path: string }[]>([])
  /** Models of the Hugging Face cache. */
  const cached = shallowRef<readonly CachedModel[]>([])
  const opening = ref<string | null>(null)
  const failed = shallowRef<FailedOpening | null>(null)

  const active = computed(() => open.value.find(model => model.id === activeId.value) ?? null)

  /** Opens a folder and makes it the active model; null, with `failed` set, when that fails. */
  async function openPath(path: string): Promise<ModelInfo | null> {
    opening.value = path
    failed.value = null
    try {
      const model = await tasks.track(`Opening ${lastPart(path)}`, options =>
        useClient().call('models.open', { path }, options)
      )
      open.value = [...open.value.filter(({ id }) => id !== model.id), model]
      activeId.value = model.id
      void refreshRecent()
      return model
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code !== 'cancelled') failed.value = { path, error }
      return null
    } finally {
      opening.value = null
    }
  }

  async function close(id: string): Promise<void> {
    open.value = open.value.filter(model => model.id !== id)
    if (activeId.value === id) activeId.value = open.value.at(-1)?.id ?? null
    await useClient()
      .call('models.close', { modelId: id })
      .catch(() => null)
  }

  async function refreshRecent(): Promise<void> {
    recent.value = await useClient()
      .call('models.recent', {})
      .catch(() => recent.value)
  }

  async function refreshCached(): Promise<void> {
    cached.value = await useClient()
      .call('models.cached', {})
      .catch(() => cached.value)
  }

  function dismissFailure(): void {
    failed.value = null
  }

  return {
    open,
    active,
    activeId,
    recent,
    samples,
    cached,
    opening,
    failed,
    openPath,
    close,
    refreshRecent,
    refreshCached,
    dismissFailure
  }
})

/** The last part of a path of any system. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
}
