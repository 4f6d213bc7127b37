import type { Layout } from '#common/model/layout.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { freshId, useTabs } from '../../stores/tabs.ts'
import { placedTabs } from './dock-layout.ts'

/**
 * Has tabs stand as a layout says, about the models and texts that its groups have; a group that begins with it takes an
 * open model that no other has, with the text of the focused tab.
 */
export function chooseLayout(layout: Layout): void {
  const tabs = useTabs()
  const runs = useRuns()
  const extent = tabs.extent()
  if (extent === null) return
  const before = new Set(tabs.groups)
  const text = runs.byIds ? '' : runs.text
  tabs.restore(placedTabs(layout, extent, freshId))
  for (const group of tabs.groups) if (!before.has(group)) begin(group, text)
}

function begin(group: LinkGroup, text: string): void {
  const models = useModels()
  const runs = useRuns()
  const { groups } = useTabs()
  if (models.activeOf(group) === null) {
    const taken = groups.map(other => models.activeOf(other)?.id)
    const spare = models.open.find(({ id }) => !taken.includes(id))
    if (!spare) return
    models.activate(spare.id, group)
    if (spare.tokenizer !== null && text !== '') runs.setText(spare, text, group)
  }
  if (runs.currentOf(group) === null && runs.unreadable(models.activeOf(group), group) === null)
    void runs.start(group)
}
