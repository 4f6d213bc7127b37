import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App, IpcMain, WebContents } from 'electron'
import { openChannel, openedChannel } from '#common/contract/desktop.ts'
import { ownPage } from './ports.ts'

/**
 * Hands to the window what the system asks this program to open: a file that was clicked twice, dropped on the icon or
 * named in a command. What comes before there is a window waits for it.
 * @param origin where a page must be from to get it
 */
export function handOverFiles(app: App, ipc: IpcMain, origin: string): void {
  const waiting: string[] = []
  let listening: WebContents | null = null

  function open(path: string): void {
    if (listening === null || listening.isDestroyed()) waiting.push(path)
    else listening.send(openChannel, path)
  }

  // macOS tells it by an event, the other systems by arguments.
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  app.on('second-instance', (_event, argv, folder) => {
    for (const path of pathsIn(argv, folder, app.isPackaged)) open(path)
  })
  ipc.on(openedChannel, event => {
    if (ownPage(event, origin) === null) return
    listening = event.sender
    for (const path of waiting.splice(0)) event.sender.send(openChannel, path)
  })
  for (const path of pathsIn(process.argv, process.cwd(), app.isPackaged)) open(path)
}

/** What a command line names beside switches: absolute paths. */
function pathsIn(argv: readonly string[], folder: string, isPackaged: boolean): string[] {
  // While developing, Electron is told the project first.
  return argv
    .slice(isPackaged ? 1 : 2)
    .filter(argument => !argument.startsWith('-'))
    .map(argument => pathOf(argument, folder))
    .filter(path => path !== null)
}

/** Desktops of Linux name files by their addresses. Null for the address of something else than a file here. */
function pathOf(argument: string, folder: string): string | null {
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(argument)) return resolve(folder, argument)
  try {
    return fileURLToPath(argument)
  } catch {
    return null
  }
}
