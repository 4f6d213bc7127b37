import { linkGroups } from '#common/model/subject.ts'
import type { MenuEntry, MenuItem } from '../../stores/menu.ts'
import { useTabs } from '../../stores/tabs.ts'
import { pageOf, viewOf, viewsFor } from '../../views/registry.ts'
import { linkTab, stayOn } from '../link-tab.ts'
import { tabObject } from './tab-object.ts'
import { compareVerbs } from './compare-verbs.ts'
import { openVerbs } from './verbs.ts'

/** What can be done with a tab. */
export function tabVerbs(id: string): MenuItem[] {
  const tabs = useTabs()
  const tab = tabs.find(id)
  if (!tab) return []
  const { on, with: other } = tab.context
  const object = tabObject(tab)
  const entry = (section: string, title: string, run: () => void): MenuEntry => ({
    section,
    title,
    run
  })
  const next = linkGroups.find(name => !tabs.groups.includes(name))
  const names = [...tabs.groups, ...(next === undefined ? [] : [next])]
  const isPage = pageOf(tab.type) !== undefined
  const isAlone = isPage || viewOf(tab.type)?.of === 'session'
  const groups = isAlone ? [] : names.filter(name => name !== on)
  return [
    ...(object === null
      ? []
      : openVerbs(
          object,
          viewsFor(object).filter(({ type }) => type !== tab.type)
        )),
    ...(object === null || viewOf(tab.type)?.of === 'model' ? [] : compareVerbs(object)),
    ...(other === null
      ? []
      : [entry('Compare', 'Compare no more', () => tabs.compareWith(id, null))]),
    ...groups.map(name =>
      entry('Link', `Link to group ${name}${name === next ? ', a new one' : ''}`, () =>
        linkTab(id, name)
      )
    ),
    ...(typeof on === 'string' && object !== null
      ? [entry('Link', 'Stay on this', () => stayOn(id))]
      : []),
    ...(tab.preview ? [entry('Tab', 'Keep', () => tabs.keep(id))] : []),
    ...(isPage ? [] : [entry('Tab', 'Duplicate', () => tabs.duplicate(id))]),
    entry('Tab', 'Split to the right', () => tabs.place(id, 'right')),
    entry('Tab', 'Split downwards', () => tabs.place(id, 'below')),
    entry('Tab', 'Float', () => tabs.place(id, 'float')),
    entry('Close', 'Close', () => tabs.close(id)),
    entry('Close', 'Close the others', () => tabs.closeOthers(id))
  ]
}
