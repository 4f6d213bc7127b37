import type { PastRun } from '#common/model/library.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { Scope } from '#common/model/subject.ts'
import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useTabs } from '../stores/tabs.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { until } from '../reactive/until.ts'

/**
 * Takes a text, or ids, to the focused tab, or to a group, and runs it there; the edits stay. While its model is still being
 * opened it waits for that.
 */
export async function runInput(input: RunInput, scope: Scope = useTabs().scope): Promise<void> {
  const models = useModels()
  const runs = useRuns()
  const workspace = useWorkspace()
  const isOnItsWay = () => {
    const path = models.pathOf(scope)
    return models.opening !== null || (path !== null && !models.lost.includes(path))
  }
  await until(() => workspace.ready && (models.activeOf(scope) !== null || !isOnItsWay()))
  const model = models.activeOf(scope)
  if (!model) return
  runs.take({ ...runs.sourceOf(model, scope), input }, model, scope)
  await runs.start(scope)
}

/** Runs what ran before once more in the focused tab: its text with its edits, on its model, which is opened for that. */
export async function runAgain({ source }: PastRun): Promise<void> {
  const models = useModels()
  const runs = useRuns()
  const { scope } = useTabs()
  const { path } = source.model
  const open = models.open.find(model => model.path === path)
  const model = open ?? (await models.openPath(path, null)).model
  if (!model) return
  models.activate(model.id, scope)
  runs.take(source, model, scope)
  await runs.start(scope)
}
