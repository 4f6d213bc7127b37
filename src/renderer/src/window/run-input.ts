import type { RunInput } from '#common/model/run-input.ts'
import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useTabs } from '../stores/tabs.ts'

/** Takes a text, or ids, to the focused tab and runs it there; the edits stay. */
export function runInput(input: RunInput): void {
  const { active } = useModels()
  const runs = useRuns()
  const { scope } = useTabs()
  if (!active) return
  runs.take({ ...runs.sourceOf(active, scope), input }, active, scope)
  void runs.start(scope)
}
