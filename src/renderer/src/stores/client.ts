import type { Client } from '#common/contract/rpc.ts'

let connected: Client | null = null

/** The workbench this window speaks to. */
export function useClient(): Client {
  if (connected === null) throw new Error('The window is not connected to a workbench')
  return connected
}

/** Names the workbench, once, before any store asks for it. */
export function setClient(client: Client): void {
  connected = client
}
