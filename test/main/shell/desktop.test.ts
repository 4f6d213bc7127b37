import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  commandChannel,
  connectChannel,
  menuCommands,
  openChannel,
  openedChannel
} from '#common/contract/desktop.ts'
import { builderConfig } from '../../../packaging/electron-builder.ts'
import type { Paths } from '../../../src/main/shell/paths.ts'
import { app, FakeContents, ipcMain, session, told } from './fake-electron.ts'

const root = join(import.meta.dirname, '../../..')
const folder = await mkdtemp(join(tmpdir(), 'lamella-desktop-'))
vi.stubEnv('LAMELLA_DATA', join(folder, 'data'))

vi.mock('electron', () => import('./fake-electron.ts'))
vi.mock('../../../src/main/shell/paths.ts', async original => {
  const { lamellaPaths } = await original<{ lamellaPaths: () => Paths }>()
  const rendererFolder = () => join(folder, 'window')
  return { lamellaPaths: () => ({ ...lamellaPaths(), rendererFolder: rendererFolder() }) }
})

beforeAll(async () => {
  await mkdir(join(folder, 'window'))
  await writeFile(join(folder, 'secret.html'), 'SECRET')
  await writeFile(join(folder, 'window/index.html'), 'WINDOW')
  await mkdir(join(folder, 'window-other'))
  await writeFile(join(folder, 'window-other/secret.html'), 'SECRET')
  await writeFile(join(folder, 'window/page.js'), 'export {}')
  await import('../../../src/main/shell/desktop.ts')
})
afterAll(() => {
  for (const { process } of told.forked) process.end()
})

const window = () => told.windows[0] ?? expect.fail('There is no window')
const preferences = () => window().options.webPreferences ?? {}

function page(address: string): Promise<Response> {
  const handler = told.handlers.get('lamella') ?? expect.fail('The scheme has no handler')
  return handler(new Request(address))
}

/** Whether a page at `url` gets a port when it asks for one, before another that gets one does. */
async function getsPort(url: string, parent: unknown = null): Promise<boolean> {
  const posted = vi.fn()
  const isDestroyed = () => false
  const frame = { url, parent, postMessage: posted, isDestroyed }
  ipcMain.emit(connectChannel, { senderFrame: frame })
  await new Promise(postMessage => {
    const own = { url: 'lamella://app/', parent: null, postMessage, isDestroyed }
    ipcMain.emit(connectChannel, { senderFrame: own })
  })
  return posted.mock.calls.length > 0
}

/** Whether pages are kept from leaving for `url` by an event of that name. */
function isKept(event: string, url: string): boolean {
  const preventDefault = vi.fn()
  window().webContents.emit(event, { url, preventDefault })
  return preventDefault.mock.calls.length > 0
}

const sourceOfShell = () =>
  ['', 'desktop', 'serve', 'cli']
    .flatMap(part => {
      const at = join(root, 'src/main/shell', part)
      return readdirSync(at, { withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => readFileSync(join(at, entry.name), 'utf8'))
    })
    .concat(readFileSync(join(root, 'src/preload/index.ts'), 'utf8'))
    .join('\n')

const away = [
  'https://evil.example/',
  'file:///etc/passwd',
  'lamella://app.evil/',
  'lamella://other/',
  'javascript:alert(1)',
  'data:text/html,x'
]

/** Electron's own list, point by point: https://www.electronjs.org/docs/latest/tutorial/security */
describe("Electron's security checklist", () => {
  it('1: loads secure content only', () => {
    expect(window().loadURL.calls).toEqual([['lamella://app/']])
    expect(told.schemes).toMatchObject([
      { scheme: 'lamella', privileges: { standard: true, secure: true } }
    ])
    expect(told.schemes[0]?.privileges?.bypassCSP).toBeUndefined()
  })

  it('2: has no Node.js in pages', () => {
    expect(preferences().nodeIntegration).toBe(false)
    expect(preferences().nodeIntegrationInWorker).toBeUndefined()
    expect(preferences().nodeIntegrationInSubFrames).toBeUndefined()
  })

  it('3: isolates the preload from the page', () => {
    expect(preferences().contextIsolation).toBe(true)
  })

  it('4: sandboxes every process, before the app is ready', () => {
    expect(preferences().sandbox).toBe(true)
    expect(told.order).toEqual(['sandbox', 'scheme', 'ready'])
  })

  it('5: denies permissions that pages ask for', () => {
    const { defaultSession } = session
    const [request] = defaultSession.setPermissionRequestHandler.calls[0] ?? []
    const [check] = defaultSession.setPermissionCheckHandler.calls[0] ?? []
    const [device] = defaultSession.setDevicePermissionHandler.calls[0] ?? []
    const [media] = defaultSession.setDisplayMediaRequestHandler.calls[0] ?? []
    const asked = ['media', 'geolocation', 'notifications', 'openExternal', 'usb'] as const
    for (const permission of asked) {
      const answer = vi.fn()
      request?.({} as Electron.WebContents, permission, answer, {} as never)
      expect(answer.mock.calls).toEqual([[false]])
      expect(check?.(null, permission, '', {} as never)).toBe(false)
    }
    expect(check?.(null, 'clipboard-sanitized-write', '', {} as never)).toBe(true)
    expect(check?.(null, 'clipboard-read', '', {} as never)).toBe(false)
    expect(device?.({} as never)).toBe(false)
    const answer = vi.fn()
    media?.({} as never, answer)
    expect(answer.mock.calls).toEqual([[null]])
  })

  it('6: leaves web security on', () => {
    expect(preferences().webSecurity).toBeUndefined()
  })

  it('7: sends a content security policy with every file', async () => {
    for (const path of ['', 'page.js', 'nothing.js']) {
      const policy = (await page(`lamella://app/${path}`)).headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).not.toContain('unsafe-eval')
      expect(policy).toContain("connect-src 'self';")
    }
  })

  it('8: allows no insecure content', () => {
    expect(preferences().allowRunningInsecureContent).toBeUndefined()
  })

  it('9: turns no experimental feature on', () => {
    expect(preferences().experimentalFeatures).toBeUndefined()
  })

  it('10: turns no Blink feature on', () => {
    expect(preferences().enableBlinkFeatures).toBeUndefined()
    expect(sourceOfShell()).not.toContain('appendSwitch')
  })

  it('11: has no webview, so none that may open windows', () => {
    expect(preferences().webviewTag).toBe(false)
  })

  it('12: attaches no webview', () => {
    expect(isKept('will-attach-webview', '')).toBe(true)
  })

  it('13: lets no page navigate away', () => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      for (const url of away) expect([event, url, isKept(event, url)]).toEqual([event, url, true])
      expect(isKept(event, 'lamella://app/')).toBe(false)
    }
  })

  it('14: opens no windows for pages', () => {
    const contents = new FakeContents()
    app.emit('web-contents-created', {}, contents)
    for (const { setWindowOpenHandler } of [contents, window().webContents]) {
      const [handler] = setWindowOpenHandler.calls[0] ?? []
      expect(handler?.({ url: 'lamella://app/' } as never)).toEqual({ action: 'deny' })
    }
  })

  it('15: never hands an address to the system', () => {
    expect(sourceOfShell()).not.toContain('openExternal')
  })

  it('16: takes a current Electron', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8')
    ) as Record<string, Record<string, string>>
    const [major] = /\d+/.exec(devDependencies?.electron ?? '') ?? []
    expect(Number(major)).toBeGreaterThanOrEqual(45)
  })

  it('17: answers nobody but its own page', async () => {
    expect(await getsPort('lamella://app/')).toBe(true)
    for (const url of away) expect([url, await getsPort(url)]).toEqual([url, false])
    expect(await getsPort('lamella://app/', {})).toBe(false)
    ipcMain.emit(connectChannel, { senderFrame: null })
    expect(ipcMain.eventNames().toSorted()).toEqual([connectChannel, openedChannel])
  })

  it('18: serves the page from a scheme of its own, and nothing outside its folder', async () => {
    const index = await page('lamella://app/')
    expect([index.status, await index.text()]).toEqual([200, 'WINDOW'])
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const bad = [
      '/%2e%2e/secret.html',
      '/..%2fsecret.html',
      '/%2e%2e%2fsecret.html',
      '/index.html%00.js',
      '/%ff.html',
      '/nothing.html',
      '/..%2fwindow-other%2fsecret.html',
      '//etc/hosts.html'
    ]
    for (const path of bad) {
      const answer = await page(`lamella://app${path}`)
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.text()).not.toContain('SECRET')
    }
    expect((await page('lamella://other/')).status).toBe(404)
    expect(sourceOfShell()).not.toContain('loadFile')
  })

  it('19: is packed with fuses set', () => {
    // Of the packed program they are read by test/packaging.
    expect(builderConfig.electronFuses).toMatchObject({
      runAsNode: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true
    })
  })

  it('20: exposes no API of Electron to the page', async () => {
    const exposed = new Map<string, Record<string, unknown>>()
    type Relay = (event: unknown, command: string) => void
    const ipcRenderer = {
      on: vi.fn<(channel: string, relay: Relay) => void>(),
      send: vi.fn<(channel: string) => void>()
    }
    vi.doMock('electron', () => ({
      contextBridge: {
        exposeInMainWorld: (name: string, api: Record<string, unknown>) => exposed.set(name, api)
      },
      ipcRenderer,
      webUtils: { getPathForFile: (file: { name: string }) => `/models/${file.name}` }
    }))
    await import('../../../src/preload/index.ts')
    expect([...exposed].map(([name, api]) => [name, Object.keys(api)])).toEqual([
      ['lamella', ['connect', 'onCommand', 'onOpen', 'pathOf']]
    ])
    const heard = vi.fn()
    const bridge = exposed.get('lamella') as unknown as {
      connect(): void
      onCommand(listener: () => void): void
      onOpen(listener: (path: string) => void): void
      pathOf(file: object): string
    }
    expect(bridge.pathOf({ name: 'gpt2' })).toBe('/models/gpt2')
    bridge.onCommand(heard)
    bridge.connect()
    const relayed = (ipcRenderer.on.mock.calls.at(-1) ?? []) as [
      string,
      (...args: unknown[]) => void
    ]
    const [, relay] = relayed
    relay({ sender: 'an event of Electron' }, 'open')
    expect(heard.mock.calls).toEqual([['open']])
    bridge.onOpen(heard)
    const [, tell] = (ipcRenderer.on.mock.calls.at(-1) ?? []) as typeof relayed
    tell({ sender: 'an event of Electron' }, '/models/gpt2')
    expect(heard.mock.calls.at(-1)).toEqual(['/models/gpt2'])
    expect(ipcRenderer.send.mock.calls).toEqual([[connectChannel], [openedChannel]])
  })
})

describe('the desktop', () => {
  it('shows keys in the menu without taking them from the window', () => {
    const items = told.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    const keyed = items.filter(({ accelerator }) => accelerator !== undefined)
    expect(keyed.map(({ accelerator }) => accelerator)).toEqual([
      'Shift+CmdOrCtrl+O',
      'CmdOrCtrl+O',
      'CmdOrCtrl+S',
      'Shift+CmdOrCtrl+S',
      'CmdOrCtrl+Enter',
      'CmdOrCtrl+W',
      'CmdOrCtrl+,',
      'CmdOrCtrl+Z',
      'Shift+CmdOrCtrl+Z',
      'CmdOrCtrl+K',
      'CmdOrCtrl+B',
      'CmdOrCtrl+I',
      'Shift+/'
    ])
    for (const { registerAccelerator } of keyed) expect(registerAccelerator).toBe(false)
    keyed[0]?.click?.({} as never, undefined, {})
    expect(window().webContents.send.mock.calls).toEqual([[commandChannel, 'session.open']])
  })

  it('names commands that the window has', () => {
    const folder = join(root, 'src/renderer/src/window/commands')
    const known = readdirSync(folder)
      .map(file => readFileSync(join(folder, file), 'utf8'))
      .join('')
    for (const name of menuCommands) expect(known).toContain(`id: '${name}'`)
  })

  it('is shown by a second start', () => {
    app.emit('second-instance', {}, [], '/')
    expect(window().restore).toHaveBeenCalledOnce()
    expect(window().focus).toHaveBeenCalledOnce()
    expect(told.windows).toHaveLength(1)
  })

  it('opens what the system says, once its page listens', () => {
    const { webContents } = window()
    const sent = () => webContents.send.mock.calls.filter(([channel]) => channel === openChannel)
    const preventDefault = vi.fn()
    const listens = (url: string) => {
      const senderFrame = { url, parent: null, isDestroyed: () => false }
      ipcMain.emit(openedChannel, { sender: webContents, senderFrame })
    }
    app.emit('open-file', { preventDefault }, '/models/a.safetensors')
    expect(preventDefault).toHaveBeenCalledOnce()
    listens('https://evil.example/')
    expect(sent()).toEqual([])
    listens('lamella://app/')
    expect(sent()).toContainEqual([openChannel, '/models/a.safetensors'])
    app.emit('second-instance', {}, ['electron', '/project', '--switch', 'b', '/c'], '/models')
    expect(sent().slice(-2)).toEqual([
      [openChannel, '/models/b'],
      [openChannel, '/c']
    ])
    // As desktops of Linux name what was clicked.
    const before = sent().length
    const named = ['file:///models/My%20%C3%9F.lamella', 'https://evil.example/c', 'file://host/d']
    app.emit('second-instance', {}, ['electron', '/project', ...named], '/models')
    expect(sent().slice(before)).toEqual([[openChannel, '/models/My ß.lamella']])
  })

  it('77: reloads a window that crashed, and asks when it goes on', async () => {
    const { webContents } = window()
    const crash = (reason: string) =>
      webContents.emit('render-process-gone', {}, { reason, exitCode: 11 })
    crash('clean-exit')
    expect(webContents.reload).not.toHaveBeenCalled()
    for (let time = 0; time < 3; time++) crash('crashed')
    expect(webContents.reload).toHaveBeenCalledTimes(3)
    expect(told.boxes).toEqual([])
    // What is more than a minute ago counts no more.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    onTestFinished(() => void vi.useRealTimers())
    for (let time = 0; time < 3; time++) crash('crashed')
    expect(webContents.reload).toHaveBeenCalledTimes(6)
    expect(told.boxes).toEqual([])
    crash('oom')
    expect(told.boxes).toMatchObject([
      {
        message: 'The window stopped four times within a minute.',
        detail: 'oom, exit code 11\n\nWhat was saved is kept.',
        buttons: ['Reload', 'Quit']
      }
    ])
    expect(webContents.reload).toHaveBeenCalledTimes(6)
    await vi.waitFor(() => expect(webContents.reload).toHaveBeenCalledTimes(7))
    told.answers.push(1)
    for (let time = 0; time < 4; time++) crash('crashed')
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce())
    expect(webContents.reload).toHaveBeenCalledTimes(10)
    app.quit.mockClear()
  })

  it('keeps its size and place', () => {
    expect(window().options).toMatchObject({ name: 'main', windowStatePersistence: true })
  })

  it('closes the workbench before it quits', async () => {
    const isWorkbench = ({ entry }: { entry: string }) => entry.endsWith('workbench-process.ts')
    const workbench = told.forked.findLast(isWorkbench)!.process
    // It may take as long as it does: that it is ended after five seconds is tested elsewhere.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const quitting = new Promise(resolve => app.quit.mockImplementationOnce(resolve))
    const preventDefault = vi.fn()
    app.emit('will-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
    await quitting
    expect(app.quit).toHaveBeenCalledOnce()
    expect(workbench.exitCode).toBe(0)
    app.emit('will-quit', { preventDefault })
    expect(preventDefault).toHaveBeenCalledOnce()
  })
})
