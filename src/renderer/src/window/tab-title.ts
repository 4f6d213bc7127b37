import { subjectModel } from '#common/model/subject.ts'
import { useModels } from '../stores/models.ts'
import { useSelection } from '../stores/selection.ts'
import type { Tab } from '../stores/tabs.ts'
import { pageOf, viewOf } from '../views/registry.ts'

/** What a tab is called. */
export function tabTitle({ type, context: { on, with: other, options = {} } }: Tab): string {
  const place =
    typeof on === 'string'
      ? useSelection().headOf(on)
      : { layer: on.at.layer ?? 0, head: on.at.head ?? 0 }
  const tensor = typeof on === 'string' ? null : (on.at.tensor ?? null)
  const stays = { model: stayingModel(on), tensor }
  const title = viewOf(type)?.title({ ...place, ...stays, options }) ?? pageOf(type)?.name ?? type
  return other === null ? title : `${title}, compared`
}

/** Name of the model that a tab stays on; null while it follows a group. */
export function stayingModel(on: Tab['context']['on']): string | null {
  if (typeof on === 'string') return null
  return useModels().nameAt(subjectModel(on).path)
}
