import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'
import { vi } from 'vitest'
import type { Relayed } from './fake-utility.ts'

type Scheme = Electron.CustomScheme
type Handler = (request: Request) => Promise<Response>

/** A function that does nothing but remember its arguments; it is filled before the tests run. */
function recorded<F extends (...given: never[]) => unknown>() {
  const calls: Parameters<F>[] = []
  return Object.assign((...given: Parameters<F>) => void calls.push(given), { calls })
}

/** A utility process that was asked for. */
export interface Forked {
  readonly entry: string
  readonly words: readonly string[]
  readonly process: FakeUtilityProcess
}

/** All that the desktop shell told Electron. */
export const told = {
  windows: [] as FakeWindow[],
  schemes: [] as Scheme[],
  handlers: new Map<string, Handler>(),
  order: [] as string[],
  menu: [] as Electron.MenuItemConstructorOptions[],
  dialogs: [] as Electron.OpenDialogOptions[],
  boxes: [] as Electron.MessageBoxOptions[],
  /** The buttons that are pressed in the next boxes; else the first. */
  answers: [] as number[],
  forked: [] as Forked[]
}

/** Electron's contents of a page, as far as the shell touches them. */
export class FakeContents extends EventEmitter {
  readonly setWindowOpenHandler = recorded<Electron.WebContents['setWindowOpenHandler']>()
  readonly reload = vi.fn<Electron.WebContents['reload']>()
  readonly send = vi.fn<Electron.WebContents['send']>()
  readonly isDestroyed = vi.fn(() => false)
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
  isPackaged = false
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
  showMessageBox: (...given: unknown[]) => {
    told.boxes.push(given.at(-1) as Electron.MessageBoxOptions)
    return Promise.resolve({ response: told.answers.shift() ?? 0, checkboxChecked: false })
  }
}

/**
 * A port of Electron's main process over a port of Node's. Its messages wait until it is started; once it has been
 * handed over it is the other process's.
 */
class FakeMainPort extends EventEmitter {
  readonly port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.port = port
  }
  postMessage(message: unknown) {
    this.port.postMessage(message)
  }
  start() {
    this.port.on('close', () => this.emit('close'))
    this.port.on('message', data => this.emit('message', { data: data as unknown, ports: [] }))
  }
  close() {
    this.port.close()
  }
}

export class MessageChannelMain {
  readonly port1: FakeMainPort
  readonly port2: FakeMainPort
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new FakeMainPort(port1)
    this.port2 = new FakeMainPort(port2)
  }
}

/** The port as a page gets it that a port of the main process was handed to. */
export function pagePort(port: Electron.MessagePortMain): MessagePort {
  return (port as unknown as FakeMainPort).port
}

let relays = 0

/** A utility process: a real one of Node's, with ports relayed to it and what Electron gives such a process. */
class FakeUtilityProcess extends EventEmitter {
  pid: number | undefined
  stderr: NodeJS.ReadableStream | null
  readonly options: Electron.ForkOptions
  private readonly child: ChildProcess
  private readonly ports = new Map<number, MessagePort>()
  private isGone = false
  /** What a test may know: how it ended, and how many runs of parts its ports have asked it for. */
  exitCode: number | null = null
  runs = 0

  constructor(entry: string, words: string[], options: Electron.ForkOptions) {
    super()
    this.options = options
    const child = fork(entry, words, {
      serialization: 'advanced',
      env: (options.env ?? process.env) as NodeJS.ProcessEnv,
      execArgv: ['--import', join(import.meta.dirname, 'fake-utility.ts')],
      stdio: [...(options.stdio as string[]), 'ipc'] as StdioOptions
    })
    this.child = child
    this.stderr = child.stderr
    child.on('spawn', () => {
      this.pid = child.pid
      this.emit('spawn')
    })
    child.on('message', message => this.take(message as Relayed))
    child.on('exit', (code, signal) => {
      this.isGone = true
      for (const port of this.ports.values()) port.close()
      // On POSIX what waitpid says, of which a signal is the lowest bits.
      this.exitCode = code ?? (signal === null ? 1 : constants.signals[signal])
      this.emit('exit', this.exitCode)
      this.pid = undefined
      this.stderr = null
    })
  }

  postMessage(data: unknown, transfer: FakeMainPort[] = []) {
    if (this.isGone) throw new Error('Electron can crash here: the process is gone')
    const ports = transfer.map(({ port }) => {
      const id = relays++
      this.ports.set(id, port)
      port.on('message', data => this.relay({ kind: 'port', port: id, data: data as unknown }))
      port.on('close', () => this.relay({ kind: 'close', port: id }))
      return id
    })
    this.relay({ kind: 'message', data, ports })
  }

  /** As Electron's: nothing can be killed before it has spawned. */
  kill(): boolean {
    return this.pid !== undefined && this.child.kill('SIGTERM')
  }

  /** Ends it after a test. */
  end() {
    this.child.kill('SIGKILL')
  }

  private relay(message: Relayed) {
    if (message.kind === 'port' && isRun(message.data)) this.runs++
    if (this.child.connected) this.child.send(message, () => undefined)
  }

  private take(message: Relayed) {
    if (message.kind === 'message') this.emit('message', message.data)
    else if (message.kind === 'port') this.ports.get(message.port)?.postMessage(message.data)
    else this.ports.get(message.port)?.close()
  }
}

export const utilityProcess = {
  fork(entry: string, words: string[], options: Electron.ForkOptions) {
    const started = new FakeUtilityProcess(entry, words, options)
    told.forked.push({ entry, words, process: started })
    return started
  }
}

export { FakeWindow as BrowserWindow }

function isRun(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'call' in message && message.call === 'run'
  )
}
