import type { Command } from './command.ts'
import { headFolderCommands } from './commands/head-folder-commands.ts'
import { layoutCommands } from './commands/layout-commands.ts'
import { lookCommands } from './commands/look-commands.ts'
import { modelCommands } from './commands/model-commands.ts'
import { runCommands } from './commands/run-commands.ts'
import { sessionCommands } from './commands/session-commands.ts'
import { selectionCommands } from './commands/selection-commands.ts'
import { tabCommands } from './commands/tab-commands.ts'
import { settingsCommands } from './commands/settings-commands.ts'
import { windowCommands } from './commands/window-commands.ts'
import { zoomCommands } from './commands/zoom-commands.ts'

/** Every command of the window, as things stand now. */
export function commands(): Command[] {
  return [
    ...sessionCommands(),
    ...modelCommands(),
    ...runCommands(),
    ...selectionCommands(),
    ...headFolderCommands(),
    ...zoomCommands(),
    ...tabCommands(),
    ...layoutCommands(),
    ...lookCommands(),
    ...settingsCommands(),
    ...windowCommands()
  ]
}

/** Runs the command of that id, if there is one and it can run now. */
export function runCommand(id: string): void {
  const command = commands().find(command => command.id === id)
  if (command && command.enabled?.() !== false) command.run()
}
