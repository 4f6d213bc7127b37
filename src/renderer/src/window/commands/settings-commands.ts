import { useWindow } from '../../stores/window.ts'
import { settingGroups } from '../../views/settings/setting-rows.ts'
import type { Command } from '../command.ts'
import { openPage } from '../open-page.ts'

/** The page of settings, and each of them on it. */
export function settingsCommands(): Command[] {
  const panels = useWindow()
  const group = 'Settings'
  return [
    {
      id: 'settings',
      group,
      title: 'Settings',
      keys: ['Mod+,'],
      run: () => openPage('settings')
    },
    ...settingGroups
      .flatMap(({ rows }) => rows)
      .map(({ id, label }) => ({
        id: `settings.${id}`,
        group,
        title: `Settings: ${label.toLowerCase()}…`,
        run: () => {
          panels.settingWanted = { id }
          openPage('settings')
        }
      }))
  ]
}
