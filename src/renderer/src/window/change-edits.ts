import type { Edit } from '#common/model/edit.ts'
import type { Scope } from '#common/model/subject.ts'
import { useRuns } from '../stores/runs.ts'
import { useTabs } from '../stores/tabs.ts'

/** Takes other edits and runs with them, of the focused tab where nothing else is named. */
export function changeEdits(edits: readonly Edit[], scope: Scope = useTabs().scope): void {
  const runs = useRuns()
  runs.setEdits(edits, scope)
  void runs.start(scope)
}
