import type { Subject } from '#common/model/subject.ts'
import { useModels } from '../../stores/models.ts'
import { refOf, useRuns } from '../../stores/runs.ts'
import { useSelection } from '../../stores/selection.ts'
import type { Tab } from '../../stores/tabs.ts'
import { viewOf } from '../../views/registry.ts'

/** The object that a tab is about as it stands now: of a view of heads the head; null where there is nothing yet. */
export function tabObject({ id, type, context: { on } }: Tab): Subject | null {
  const view = viewOf(type)
  const scope = typeof on === 'string' ? on : id
  const model = useModels().activeOf(scope)
  if (!view || view.of === 'session' || !model) return null
  const run = useRuns().currentOf(scope)
  if (view.of === 'model' || !run) {
    const tensor = typeof on === 'string' ? undefined : on.at.tensor
    return { model: refOf(model), at: tensor === undefined ? {} : { tensor } }
  }
  const { layer = 0, head = 0 } = typeof on === 'string' ? useSelection().headOf(on) : on.at
  return { run: run.source, at: view.accepts.includes('head') ? { layer, head } : {} }
}
