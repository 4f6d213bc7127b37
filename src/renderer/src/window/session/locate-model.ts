import type { ModelRef } from '#common/model/model-ref.ts'
import { useClient } from '../../stores/client.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { useDocument } from './document.ts'

/** Asks where a model of the session lies now, with the system's own dialog where there is one. */
export async function locateModel({ path, fingerprint }: ModelRef): Promise<void> {
  const document = useDocument()
  document.locating = { path, fingerprint }
  if (useWorkspace().shell !== 'desktop') {
    useWindow().dialog = 'open'
    return
  }
  const chosen = await useClient()
    .call('files.choose', {})
    .catch(() => null)
  if (chosen !== null) await document.relocate(document.locating, chosen)
  document.locating = null
}
