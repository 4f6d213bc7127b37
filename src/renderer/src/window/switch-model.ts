import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useTabs } from '../stores/tabs.ts'

/**
 * Goes to another open model. Its text runs when none has, unless that is a text which was typed for the model before
 * and has not run there either: what has not been asked to run does not.
 */
export async function switchModel(id: string): Promise<void> {
  const models = useModels()
  const runs = useRuns()
  const { scope } = useTabs()
  if (models.activeOf(scope)?.id === id) return
  const ran = runs.current === null || runs.upToDate
  models.activate(id, scope)
  const model = models.activeOf(scope)
  if (!model || runs.currentOf(scope) !== null || runs.unreadable(model, scope) !== null) return
  const own = runs.texts[scope]?.[model.path] ?? model.sampleText
  if (ran || own !== null) await runs.start(scope)
}
