import type { Layout } from '#common/model/layout.ts'
import type { NamedLayout } from '#common/model/library.ts'
import { useLibrary } from '../../stores/library.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import { pageOf } from '../../views/registry.ts'
import { dockLayout } from './dock-layout.ts'
import { layoutTab } from './layout-tab.ts'

/** How the tabs stand now; null where none is of a view. */
export function presentLayout(): Layout | null {
  const tabs = useTabs()
  const dock = tabs.layout()
  if (dock === null) return null
  return dockLayout(dock, id => {
    const tab = tabs.find(id)
    return !tab || pageOf(tab.type) ? null : layoutTab(tab)
  })
}

/** Keeps how the tabs stand under a name, to be typed over where it is listed. */
export function nameLayout(): void {
  const layout = presentLayout()
  if (layout === null) return
  useWindow().explore('texts')
  void useLibrary().add({ kind: 'layout', name: 'New layout', layout })
}

/** Has a layout be how the tabs stand now. */
export function retakeLayout(item: NamedLayout): void {
  const layout = presentLayout()
  if (layout) void useLibrary().put({ ...item, layout }, item.name)
}
