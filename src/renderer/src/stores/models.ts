import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { CachedModel, ModelInfo } from '#common/contract/schemas.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { useClient } from './client.ts'
import { useTabs } from './tabs.ts'
import { useTasks } from './tasks.ts'

/** A model that could not be opened, and why. */
export interface FailedOpening {
  readonly path: string
  readonly error: LamellaError
}

/** What became of a request to open a model; both are null when it was cancelled. */
export interface Opened {
  readonly model: ModelInfo | null
  readonly error: LamellaError | null
}

/** The open models and the one that each link group is about. */
export const useModels = defineStore('models', () => {
  const tabs = useTabs()
  const tasks = useTasks()
  const open = shallowRef<readonly ModelInfo[]>([])
  const activeIds = ref<Partial<Record<LinkGroup, string | null>>>({})
  const recent = shallowRef<readonly { name: string; path: string }[]>([])
  const samples = shallowRef<readonly { name: string; path: string }[]>([])
  /** Models of the Hugging Face cache. */
  const cached = shallowRef<readonly CachedModel[]>([])
  /** Paths that are being opened or wait for it, in the order they were asked for. */
  const openings = ref<readonly string[]>([])
  const failed = shallowRef<FailedOpening | null>(null)
  const underWay = new Map<string, Promise<Opened>>()
  let last: Promise<unknown> = Promise.resolve()

  /** Of the focused group. */
  const activeId = computed({
    get: () => activeIds.value[tabs.group] ?? null,
    set: id => activate(id, tabs.group)
  })
  const active = computed(() => activeOf(tabs.group))
  const opening = computed(() => openings.value[0] ?? null)

  function activeOf(group: LinkGroup): ModelInfo | null {
    const id = activeIds.value[group]
    return open.value.find(model => model.id === id) ?? null
  }

  function activate(id: string | null, group: LinkGroup): void {
    activeIds.value = { ...activeIds.value, [group]: id }
  }

  /** The open model that is where a reference says, with the files that it says. */
  function referred({ path, fingerprint }: ModelRef): ModelInfo | null {
    const model = open.value.find(model => model.path === path)
    return model && (fingerprint === '' || fingerprint === model.fingerprint) ? model : null
  }

  /**
   * Opens a path, after those asked for before it, and makes it the model of the group that is focused now. Asked for
   * again while it is on its way it is opened once.
   */
  function openPath(path: string): Promise<Opened> {
    const shared = underWay.get(path)
    if (shared) return shared
    const group = tabs.group
    openings.value = [...openings.value, path]
    failed.value = null
    const result = openAfter(last, path, group)
    last = result
    underWay.set(path, result)
    return result
  }

  async function openAfter(
    before: Promise<unknown>,
    path: string,
    group: LinkGroup
  ): Promise<Opened> {
    try {
      const model = await tasks.track(`Opening ${lastPart(path)}`, async options => {
        await before
        options.signal.throwIfAborted()
        return useClient().call('models.open', { path }, options)
      })
      open.value = [...open.value.filter(({ id }) => id !== model.id), model]
      activate(model.id, group)
      void refreshRecent()
      return { model, error: null }
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code === 'cancelled') return { model: null, error: null }
      failed.value = { path, error }
      return { model: null, error }
    } finally {
      underWay.delete(path)
      openings.value = openings.value.filter(other => other !== path)
    }
  }

  async function close(id: string): Promise<void> {
    if (!open.value.some(model => model.id === id)) return
    open.value = open.value.filter(model => model.id !== id)
    const next = open.value.at(-1)?.id ?? null
    for (const [group, active] of Object.entries(activeIds.value))
      if (active === id) activate(next, group as LinkGroup)
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
    activeIds,
    recent,
    samples,
    cached,
    opening,
    openings,
    failed,
    activeOf,
    activate,
    referred,
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
