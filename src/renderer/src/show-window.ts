import type { Pinia } from 'pinia'
import { createApp } from 'vue'
import type { Client } from '#common/contract/rpc.ts'
import App from './App.vue'
import { setClient } from './stores/client.ts'
import { useWorkspace } from './stores/workspace.ts'

/** Draws the window of a workbench, as it was left. */
export async function showWindow(client: Client, pinia: Pinia): Promise<void> {
  setClient(client)
  await useWorkspace(pinia).load()
  createApp(App).use(pinia).mount('#app')
}
