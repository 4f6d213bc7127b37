import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'
import { vi } from 'vitest'

type Scheme = Electron.CustomScheme
type Handler = (request: Request) => Promise<Response>

/** A function that does nothing but remember its arguments; it is filled before the tests run. */
function recorded<F extends (...given: never[]) => unknown>() {
  const calls: Parameters<F>[] = []
  return Object.assign((...given: Parameters<F>) => void calls.push(given), { calls })
}

/** All that the desktop shell told Electron. */
export const told = {
  windows: [] as FakeWindow[],
  schemes: [] as Scheme[],
  handlers: new Map<string, Handler>(),
  order: [] as string[],
  menu: [] as Electron.MenuItemConstructorOptions[],
  dialogs: [] as Electron.OpenDialogOptions[],
  forked: [] as string[][]
}

/** Electron's contents of a page, as far as the shell touches them. */
export class FakeContents extends EventEmitter {
  readonly setWindowOpenHandler = recorded<Electron.WebContents['setWindowOpenHandler']>()
  readonly reload = vi.fn<Electron.WebContents['reload']>()
  readonly send = vi.fn<Electron.WebContents['send']>()
}

class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = told.windows
  static readonly getAllWindows = () => FakeWindow.all
  static readonly getFocusedWindow = () => FakeWindow.all[0] ?? null
  readonly webContents = new FakeContents()
  readonly options: Electron.BrowserWindowConstructorOptions
  readonly loadURL = recorded<Electron.BrowserWindow['loadURL']>()
  readonly show = vi.fn<Electron.BrowserWindow['show']>()
  readonly focus = vi.fn<Electron.BrowserWindow['focus']>()
  readonly restore = vi.fn<Electron.BrowserWindow['restore']>()
  readonly isMinimized = () => true
  readonly isDestroyed = () => false
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    told.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
}

class FakeApp extends EventEmitter {
  readonly isPackaged = false
  readonly enableSandbox = () => void told.order.push('sandbox')
  readonly requestSingleInstanceLock = vi.fn(() => true)
  readonly quit = vi.fn()
  readonly whenReady = () => Promise.resolve().then(() => void told.order.push('ready'))
}
export const app = new FakeApp()

export const session = {
  defaultSession: {
    setPermissionRequestHandler: recorded<Electron.Session['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: recorded<Electron.Session['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: recorded<Electron.Session['setDevicePermissionHandler']>(),
    setDisplayMediaRequestHandler: recorded<Electron.Session['setDisplayMediaRequestHandler']>()
  }
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: Scheme[]) => {
    told.order.push('scheme')
    told.schemes.push(...schemes)
  },
  handle: (scheme: string, handler: Handler) => void told.handlers.set(scheme, handler)
}

export const ipcMain = new EventEmitter()

export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: Electron.MenuItemConstructorOptions[]) => {
    told.menu = template
  }
}

export const dialog = {
  showOpenDialog: (options: Electron.OpenDialogOptions) => {
    told.dialogs.push(options)
    return Promise.resolve({ canceled: false, filePaths: ['/models/gpt2'] })
  },
  showErrorBox: vi.fn<Electron.Dialog['showErrorBox']>()
}

/** A port of Electron's main process over a port of Node's. */
class FakeMainPort extends EventEmitter {
  readonly port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on('close', () => this.emit('close'))
  }
  postMessage(message: unknown) {
    this.port.postMessage(message)
  }
  start() {
    this.port.on('message', data => this.emit('message', { data: data as unknown }))
  }
}

export class MessageChannelMain {
  readonly port1: FakeMainPort
  /** The other end as the page sees it. */
  readonly port2: MessagePort
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new FakeMainPort(port1)
    this.port2 = port2
  }
}

export const utilityProcess = {
  fork: (entry: string, words: string[]) => {
    told.forked.push([entry, ...words])
    return Object.assign(new EventEmitter(), {
      pid: undefined,
      stderr: new EventEmitter(),
      postMessage: vi.fn(),
      kill: vi.fn()
    })
  }
}

export { FakeWindow as BrowserWindow }
