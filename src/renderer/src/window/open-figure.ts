import { useTabs } from '../stores/tabs.ts'

/** Shows the tab of a figure of the session. */
export function openFigure(id: string): void {
  const tabs = useTabs()
  const known = tabs.tabs.find(
    ({ type, context }) => type === 'figure' && context.options?.figure === id
  )
  if (known) tabs.show(known.id)
  else tabs.open('figure', undefined, { options: { figure: id } })
}
