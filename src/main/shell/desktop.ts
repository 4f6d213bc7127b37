import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron'
import type { PathWish } from '#common/contract/path-wish.ts'
import { applicationMenu } from './desktop/menu.ts'
import { handOverFiles } from './desktop/opened-files.ts'
import { handOverPorts } from './desktop/ports.ts'
import { registerWindowScheme, serveWindowFiles, windowOrigin } from './desktop/scheme.ts'
import { denyPermissions, denyWandering } from './desktop/security.ts'
import { openWindow } from './desktop/window.ts'
import { startWorkbenchProcess } from './desktop/workbench.ts'
import { lamellaPaths } from './paths.ts'

/**
 * The desktop: windows, menu and dialogs, and the processes that do the work. Nothing is computed or read from disk here:
 * what this process waits for, every window waits for.
 */
const paths = lamellaPaths()
// electron-vite's development server; it serves on this machine only.
const developed = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = developed === undefined ? windowOrigin : new URL(developed).origin

app.enableSandbox()
registerWindowScheme()
denyWandering(origin)

handOverFiles(app, ipcMain, origin)

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else {
  process.stdout.write('Lamella is open already: its window comes to the front\n')
  app.quit()
}

function start(): void {
  denyPermissions(session.defaultSession)
  protocol.handle(...serveWindowFiles(paths.rendererFolder))
  const workbench = startWorkbenchProcess({ paths, choosePath, startsAgain })
  handOverPorts(ipcMain, workbench, origin)
  Menu.setApplicationMenu(applicationMenu())

  const open = () => openWindow({ url: `${origin}/`, preload: paths.preload })
  open()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) return void open()
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  let closed = false
  app.on('will-quit', event => {
    if (closed) return
    event.preventDefault()
    closed = true
    void workbench.close().finally(() => app.quit())
  })
}

async function choosePath(wish: PathWish): Promise<string | null> {
  const filters = [{ name: 'Sessions of Lamella', extensions: ['lamella'] }]
  if (wish.what === 'save') {
    const defaultPath = wish.suggested
    const { canceled, filePath } = await dialog.showSaveDialog({
      title: 'Save the session',
      buttonLabel: 'Save',
      defaultPath,
      filters,
      properties: ['showOverwriteConfirmation', 'createDirectory']
    })
    return canceled || filePath === '' ? null : filePath
  }
  const { filePaths } = await dialog.showOpenDialog(openings(filters)[wish.what])
  return filePaths[0] ?? null
}

/** How the system's dialog asks for what is there already, or for a folder that is made in it. */
function openings(
  filters: Electron.FileFilter[]
): Readonly<Record<Exclude<PathWish['what'], 'save'>, Electron.OpenDialogOptions>> {
  return {
    session: { title: 'Open a session', buttonLabel: 'Open', filters, properties: ['openFile'] },
    model: {
      title: 'Open a model',
      message: 'Choose a model folder',
      buttonLabel: 'Open',
      properties: ['openDirectory']
    },
    folder: {
      title: 'Choose a folder',
      buttonLabel: 'Choose',
      properties: ['openDirectory', 'createDirectory']
    }
  }
}

async function startsAgain(reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Lamella',
    message: 'The workbench stopped four times within a minute.',
    detail: `${reason}\n\nWhat was saved is kept.`,
    buttons: ['Start it again', 'Quit'],
    defaultId: 0,
    cancelId: 1
  })
  if (response !== 0) app.quit()
  return response === 0
}
