import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { KeptData } from '#common/contract/schemas.ts'
import { useClient } from './client.ts'

/** What the workbench keeps on the disk. */
export const useKeptData = defineStore('kept-data', () => {
  const data = shallowRef<KeptData | null>(null)

  async function load(): Promise<void> {
    data.value = await useClient().call('data.info', {})
  }

  /** Removes what is computed again when it is asked for. */
  async function clear(): Promise<void> {
    data.value = await useClient().call('data.clear', {})
  }

  return { data, load, clear }
})
