import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { providers } from '#common/model/provider.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { Status } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'

const heartbeat = 10_000

/** How the engine is doing, and whether the workbench is there at all. */
export const useStatus = defineStore('status', () => {
  const status = shallowRef<Status | null>(null)
  const connected = ref(true)
  /** Whether a server answers in its place that does not let this tab in, as one that was started anew. */
  const refused = ref(false)
  /** Whether the window goes on with what was kept in its tab alone. */
  const goesOn = ref(false)
  /** Counts how often the connection came back. */
  const reconnections = ref(0)
  /** The provider that later runs ask for. */
  const choice = ref<ProviderChoice>('auto')
  /** As a text, which stays the same while the rest of the status changes. */
  const providersHere = computed(() => (status.value?.providers ?? ['cpu']).join(' '))
  /** What there is to choose from: what this machine has, and what is chosen already. */
  const choices = computed<ProviderChoice[]>(() => {
    const here = providersHere.value.split(' ')
    return ['auto', ...providers.filter(name => here.includes(name) || name === choice.value)]
  })

  /** What is wrong in the data folder, a line each. */
  const notices = computed(() => status.value?.notice?.split('\n') ?? [])

  /** Follows the workbench from now on. */
  function follow(): void {
    useClient().on('status', next => {
      status.value = next
    })
    void refresh()
    setInterval(() => void refresh(), heartbeat)
  }

  async function refresh(): Promise<void> {
    try {
      status.value = await useClient().call('engine.status', {})
      setConnection(true)
    } catch (thrown) {
      if (toLamellaError(thrown).code === 'disconnected') setConnection(false)
    }
  }

  /** What the connection says of itself. */
  function setConnection(up: boolean): void {
    if (up && !connected.value) reconnections.value++
    connected.value = up
    if (up) refused.value = false
  }

  /** Whether something failed for want of the connection that is not there yet, which the window says in one place. */
  function tells({ code }: Pick<LamellaError, 'code'>): boolean {
    return code === 'disconnected' && !connected.value
  }

  return {
    status,
    connected,
    refused,
    goesOn,
    reconnections,
    choice,
    choices,
    notices,
    follow,
    refresh,
    setConnection,
    tells
  }
})
