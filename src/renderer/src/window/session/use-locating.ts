import { watch } from 'vue'
import type { ModelRef } from '#common/model/model-ref.ts'
import { useClient } from '../../stores/client.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { useDocument } from './document.ts'

/** Asks where a model of the session lies now once that is wanted, with the system's own dialog where there is one. */
export function useLocating(): void {
  const panels = useWindow()
  const workspace = useWorkspace()
  watch(
    () => panels.locating,
    model => {
      if (model === null) return
      if (workspace.shell === 'desktop') void choose(model)
      else panels.dialog = 'open'
    }
  )

  async function choose(model: ModelRef): Promise<void> {
    const chosen = await useClient()
      .call('files.choose', {})
      .catch(() => null)
    if (chosen !== null) await useDocument().relocate(model, chosen)
    panels.locating = null
  }
}
