import { BrowserWindow, dialog } from 'electron'

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

/** A page that crashes again and again is not reloaded for ever. */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes = [...crashes.filter(time => now - time < 60_000), now]
    if (crashes.length <= 3) window.webContents.reload()
    else dialog.showErrorBox('Lamella', `The window stopped working four times: ${reason}`)
  })
}
