import { useClient } from '../../stores/client.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { useDocument } from './document.ts'

/** Asks for a session, with the system's own dialog where there is one, and opens it. */
export async function askForSession(): Promise<void> {
  if (useWorkspace().shell !== 'desktop') {
    useWindow().dialog = 'open'
    return
  }
  const path = await choosePath(false, '')
  if (path !== null) await useDocument().open(path)
}

/** What the system's dialog gives; null where it is left, or there is none. */
export function choosePath(save: boolean, suggested: string): Promise<string | null> {
  return useClient()
    .call('sessions.choose', { save, suggested })
    .catch(() => null)
}
