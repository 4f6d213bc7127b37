import { useExports } from '../../stores/exports.ts'
import { linkGroups } from '#common/model/subject.ts'
import { usePalette } from '../../stores/palette.ts'
import { useTrail } from '../../stores/trail.ts'
import { useTabs } from '../../stores/tabs.ts'
import { menuFiles } from '../../ui/figure/menu-files.ts'
import { pageOf, viewOf, views } from '../../views/registry.ts'
import type { Command } from '../command.ts'
import { linkTab } from '../link-tab.ts'

/** Opening, closing and placing tabs. */
export function tabCommands(): Command[] {
  const exports = useExports()
  const tabs = useTabs()
  const group = 'Tab'
  const trail = useTrail()
  const any = () => tabs.activeId !== null
  const id = () => tabs.activeId
  return [
    ...views.map(view => ({
      id: `view.${view.type}`,
      group,
      title: `Show ${view.name}`,
      words: `${view.question} ${view.words}`,
      run: () => void tabs.open(view.type)
    })),
    ...linkCommands(),
    {
      id: 'tab.export',
      group,
      title: 'Export the tab…',
      words: exportWords(id()),
      keys: ['Mod+Shift+E', 'Alt+E'],
      enabled: () => (exports.formats.get(id() ?? '')?.length ?? 0) > 0,
      run: () => (exports.choosing = id())
    },
    {
      id: 'tab.close',
      group,
      title: 'Close the tab',
      keys: ['Mod+W', 'Alt+W'],
      enabled: any,
      run: () => tabs.close(id())
    },
    {
      id: 'tab.others',
      group,
      title: 'Close the other tabs',
      enabled: any,
      run: () => tabs.closeOthers(id()!)
    },
    {
      id: 'tab.reopen',
      group,
      title: 'Reopen the closed tab',
      keys: ['Mod+Shift+T', 'Alt+Shift+T'],
      enabled: () => tabs.closed.length > 0,
      run: () => tabs.reopen()
    },
    {
      id: 'tab.keep',
      group,
      title: 'Keep the tab',
      enabled: () => tabs.find(id() ?? '')?.preview === true,
      run: () => tabs.keep(id()!)
    },
    {
      id: 'tab.duplicate',
      group,
      title: 'Duplicate the tab',
      enabled: () => any() && !isPage(id()!),
      run: () => tabs.duplicate(id()!)
    },
    {
      id: 'tab.list',
      group,
      title: 'Find a tab…',
      keys: ['Mod+Shift+A'],
      enabled: any,
      run: () => usePalette().open('%')
    },
    {
      id: 'trail.back',
      group,
      title: 'Back to what was looked at before',
      keys: ['Alt+ArrowLeft'],
      enabled: () => trail.canGoBack,
      run: () => trail.back()
    },
    {
      id: 'trail.forward',
      group,
      title: 'Forward again',
      keys: ['Alt+ArrowRight'],
      enabled: () => trail.canGoForward,
      run: () => trail.forward()
    },
    {
      id: 'tab.next',
      group,
      title: 'Next tab',
      keys: ['Alt+PageDown'],
      enabled: any,
      run: () => tabs.step(1)
    },
    {
      id: 'tab.previous',
      group,
      title: 'Previous tab',
      keys: ['Alt+PageUp'],
      enabled: any,
      run: () => tabs.step(-1)
    },
    {
      id: 'tab.right',
      group,
      title: 'Split the tab to the right',
      keys: ['Mod+\\'],
      enabled: any,
      run: () => tabs.place(id(), 'right')
    },
    {
      id: 'tab.below',
      group,
      title: 'Split the tab downwards',
      enabled: any,
      run: () => tabs.place(id(), 'below')
    },
    {
      id: 'tab.float',
      group,
      title: 'Float the tab',
      enabled: any,
      run: () => tabs.place(id(), 'float')
    }
  ]
}

/** How a tab's menu of files calls them. */
function exportWords(id: string | null): string {
  const formats = useExports().formats.get(id ?? '') ?? []
  return [
    'For a paper, add to a figure, new figure',
    ...menuFiles(formats).flatMap(({ side, groups }) => [
      side ?? '',
      ...groups.flatMap(({ title, files }) => [
        title,
        ...files.map(({ text, note }) => `${text} ${note}`)
      ])
    ])
  ].join(' ')
}

/** Whether a tab is about the window itself: there is one of it, in no group. */
function isPage(id: string): boolean {
  return pageOf(useTabs().find(id)?.type ?? '') !== undefined
}

/** Which group the tab belongs to. */
function linkCommands(): Command[] {
  const tabs = useTabs()
  const active = () => tabs.find(tabs.activeId ?? '')
  const next = linkGroups.find(name => !tabs.groups.includes(name))
  return [...tabs.groups, ...(next === undefined ? [] : [next])].map(name => ({
    id: `tab.link ${name}`,
    group: 'Tab',
    title: `Link the tab to group ${name}${name === next ? ', a new one' : ''}`,
    enabled: () => {
      const tab = active()
      const isAlone = isPage(tab?.id ?? '') || viewOf(tab?.type ?? '')?.of === 'session'
      return tab !== undefined && !isAlone && tab.context.on !== name
    },
    run: () => linkTab(tabs.activeId!, name)
  }))
}
