import { useTabs } from '../stores/tabs.ts'

/** Shows the one tab of a page. */
export function openPage(type: string): void {
  const tabs = useTabs()
  const known = tabs.tabs.find(tab => tab.type === type)
  if (known) tabs.show(known.id)
  else tabs.open(type)
}
