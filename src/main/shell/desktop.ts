import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron'
import { createWorkbench } from '../workbench/workbench.ts'
import { utilityEngine } from './desktop/engine.ts'
import { applicationMenu } from './desktop/menu.ts'
import { handOverPorts } from './desktop/ports.ts'
import { registerWindowScheme, serveWindowFiles, windowOrigin } from './desktop/scheme.ts'
import { denyPermissions, denyWandering } from './desktop/security.ts'
import { openWindow } from './desktop/window.ts'
import { lamellaPaths } from './paths.ts'

/** The desktop: one workbench, one window of Electron. */
const paths = lamellaPaths()
// electron-vite's development server; it serves on this machine only.
const developed = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = developed === undefined ? windowOrigin : new URL(developed).origin

app.enableSandbox()
registerWindowScheme()
denyWandering(origin)

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

async function start(): Promise<void> {
  denyPermissions(session.defaultSession)
  protocol.handle(...serveWindowFiles(paths.rendererFolder))
  const workbench = await createWorkbench({
    dataFolder: paths.dataFolder,
    resourcesFolder: paths.resourcesFolder,
    engine: utilityEngine(paths.engineEntry),
    shell: 'desktop',
    version: paths.version,
    chooseFolder
  })
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

async function chooseFolder(): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open a model',
    message: 'Choose a model folder',
    buttonLabel: 'Open',
    properties: ['openDirectory']
  })
  return filePaths[0] ?? null
}
