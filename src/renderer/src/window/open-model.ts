import { useClient } from '../stores/client.ts'
import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { useWindow } from '../stores/window.ts'
import { useWorkspace } from '../stores/workspace.ts'

/** Opens a model and runs its text; false when it could not be opened. */
export async function openModel(path: string): Promise<boolean> {
  const runs = useRuns()
  const selection = useSelection()
  const model = await useModels().openPath(path)
  if (!model) return false
  selection.selectHead(selection.layer, selection.head)
  selection.selectCell(null)
  if (runs.notRunnable === null && !runs.upToDate) void runFirst()
  return true
}

/** Runs a model's text; of a model that is streamed the first block is what there is to see. */
async function runFirst(): Promise<void> {
  const selection = useSelection()
  const record = await useRuns().start()
  if (record && !record.run.complete) selection.selectHead(0, selection.head)
}

/** Asks for a folder, with the system's own dialog where there is one. */
export async function askForModel(): Promise<void> {
  if (useWorkspace().shell !== 'desktop') {
    useWindow().dialog = 'open'
    return
  }
  const path = await useClient()
    .call('files.choose', {})
    .catch(() => null)
  if (path !== null) await openModel(path)
}
