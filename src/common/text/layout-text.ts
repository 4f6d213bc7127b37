import { layoutStacks, layoutTabs, type Layout } from '../model/layout.ts'
import { linkGroups } from '../model/subject.ts'

/** What a layout holds, in a line: `3 tabs in 2 panes, groups A and B`. */
export function layoutText(layout: Layout): string {
  const tabs = layoutTabs(layout)
  const groups = linkGroups.filter(name => tabs.some(tab => tab.on === name || tab.with === name))
  const panes = layoutStacks(layout).length
  const held = counted(tabs.length, 'tab') + (panes === 1 ? '' : ` in ${panes} panes`)
  if (groups.length === 1) return held
  return `${held}, groups ${groups.slice(0, -1).join(', ')} and ${groups.at(-1)}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
