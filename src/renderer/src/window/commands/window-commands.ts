import { usePalette } from '../../stores/palette.ts'
import { firstHints, useSettings } from '../../stores/settings.ts'
import { useWindow } from '../../stores/window.ts'
import type { Command } from '../command.ts'

/** Panels and dialogs. */
export function windowCommands(): Command[] {
  const panels = useWindow()
  const settings = useSettings()
  const group = 'Window'
  return [
    {
      id: 'palette',
      group,
      title: 'All commands',
      keys: ['Mod+K', 'Mod+Shift+P'],
      run: () => usePalette().open()
    },
    { id: 'keys', group, title: 'List of keys', keys: ['?'], run: () => (panels.dialog = 'keys') },
    {
      id: 'panel.left',
      group,
      title: 'Show or hide the models',
      keys: ['Mod+B'],
      run: () => panels.toggleExplorer('models')
    },
    {
      id: 'panel.texts',
      group,
      title: 'Find a text among those that ran or have a name',
      words: 'All texts',
      run: () => panels.explore('texts')
    },
    {
      id: 'panel.views',
      group,
      title: 'Find a view in the gallery',
      run: () => panels.explore('views')
    },
    {
      id: 'panel.findings',
      group,
      title: 'Find a note or a finding of this session',
      run: () => panels.explore('findings')
    },
    {
      id: 'panel.right',
      group,
      title: 'Show or hide the inspector',
      keys: ['Mod+I'],
      run: () => panels.show('right', !panels.shows('right'))
    },
    {
      id: 'notices',
      group,
      title: 'Third-party notices',
      run: () => (panels.dialog = 'notices')
    },
    {
      id: 'hints',
      group,
      title: 'Show the first hints again',
      run: () => (settings.hints = [...firstHints])
    }
  ]
}
