import { useClient } from '../stores/client.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { useModels, type Opened } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { useTabs } from '../stores/tabs.ts'
import { useWindow } from '../stores/window.ts'
import { useWorkspace } from '../stores/workspace.ts'

/** Opens a model and runs its text. */
export async function openModel(path: string): Promise<Opened> {
  const runs = useRuns()
  const { group } = useTabs()
  const opened = await useModels().openPath(path, group)
  if (opened.model && useModels().activeOf(group)?.id === opened.model.id && !runs.isCurrent(group))
    void runFirst(group)
  return opened
}

/** Runs a model's text; of a model that is streamed the first block is what there is to see. */
async function runFirst(group: LinkGroup): Promise<void> {
  const selection = useSelection()
  const runs = useRuns()
  if (runs.unreadable(useModels().activeOf(group), group) !== null) return
  const run = await runs.start(group)
  if (run && !run.complete) selection.selectHead(0, selection.headOf(group).head, group)
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
