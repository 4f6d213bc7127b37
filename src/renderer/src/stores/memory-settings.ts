import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Settings } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'

/** How much memory models may take. */
export const useMemorySettings = defineStore('memory-settings', () => {
  const settings = shallowRef<Settings | null>(null)
  /** Bytes. */
  const budget = computed(() =>
    settings.value ? (settings.value.memoryBudgetBytes ?? settings.value.defaultBytes) : null
  )

  async function load(): Promise<void> {
    settings.value = await useClient().call('settings.get', {})
  }

  /** @param bytes null for the default */
  async function setBudget(bytes: number | null): Promise<void> {
    settings.value = await useClient().call('settings.set', { memoryBudgetBytes: bytes })
  }

  return { settings, budget, load, setBudget }
})
