import type { LayoutTab } from '#common/model/layout.ts'
import { linkGroups, subjectModel, type LinkGroup, type On } from '#common/model/subject.ts'
import { useModels } from '../../stores/models.ts'
import type { Tab } from '../../stores/tabs.ts'

/**
 * What a tab is in a layout. One that stays on something is of the group that has its model, and compared with another
 * group.
 */
export function layoutTab({ type, context: { on, with: other } }: Tab): LayoutTab {
  const group = groupOf(on, null)
  return { type, on: group, with: other && groupOf(other, group) }
}

function groupOf(on: On, beside: LinkGroup | null): LinkGroup {
  if (typeof on === 'string') return on
  const { path } = subjectModel(on)
  const free = linkGroups.filter(name => name !== beside)
  return free.find(name => useModels().activeOf(name)?.path === path) ?? free[0]!
}
