import { app, BrowserWindow, dialog } from 'electron'

/** Opens the window where it was when it was last closed. */
export function openWindow({ url, preload }: { url: string; preload: string }): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    title: 'Lamella',
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 500,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false
    }
  })
  window.once('ready-to-show', () => window.show())
  reloadAfterCrash(window)
  void window.loadURL(url)
  return window
}

/** Reloads a page that crashed; one that crashes again and again is not reloaded without asking. */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes = [...crashes.filter(time => now - time < minute), now]
    if (crashes.length <= mostCrashes) return window.webContents.reload()
    crashes = []
    void askAfterCrashes(window, `${reason}, exit code ${exitCode}`)
  })
}

const mostCrashes = 3
const minute = 60_000

async function askAfterCrashes(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Lamella',
    message: 'The window stopped four times within a minute.',
    detail: `${reason}\n\nWhat was saved is kept.`,
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 1
  })
  if (response !== 0) app.quit()
  else if (!window.isDestroyed()) window.webContents.reload()
}
