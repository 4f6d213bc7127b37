import { useLibrary } from '../../stores/library.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import { pageOf } from '../../views/registry.ts'
import type { Command } from '../command.ts'
import { chooseLayout } from '../layouts/choose-layout.ts'
import { knownLayouts } from '../layouts/known-layouts.ts'
import { nameLayout } from '../layouts/present-layout.ts'

/** Choosing how tabs stand, and keeping, renaming and deleting it. */
export function layoutCommands(): Command[] {
  const library = useLibrary()
  const tabs = useTabs()
  const group = 'Layout'
  return [
    ...knownLayouts().map(({ name, layout }, i) => ({
      id: `layout ${i} ${name}`,
      group,
      title: `Layout: ${name}`,
      run: () => chooseLayout(layout)
    })),
    {
      id: 'layout.save',
      group,
      title: 'Save the layout of the tabs…',
      words: 'Save this layout',
      enabled: () => tabs.tabs.some(({ type }) => !pageOf(type)),
      run: nameLayout
    },
    ...library.layouts.flatMap(item => [
      {
        id: `layout.rename ${item.name}`,
        group,
        title: `Rename the layout “${item.name}”…`,
        run: () => {
          useWindow().explore('texts')
          library.renaming = item
        }
      },
      {
        id: `layout.delete ${item.name}`,
        group,
        title: `Delete the layout “${item.name}”`,
        run: () => {
          // Where it is taken back.
          useWindow().explore('texts')
          void library.remove(item)
        }
      }
    ])
  ]
}
