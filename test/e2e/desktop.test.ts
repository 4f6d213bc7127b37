import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patience } from '../contract/chromium.ts'
import { electronBinary } from '../../src/main/shell/electron-binary.ts'
import { hasDisplay } from '../../src/main/shell/serve/open-browser.ts'

const root = join(import.meta.dirname, '../..')
const binary = electronBinary()
const missing = binary === null ? 'its binary is not here' : hasDisplay() ? null : 'no display'
if (missing !== null) console.info(`Electron: skipped, ${missing}`)

describe.skipIf(missing !== null)('the desktop in Electron', () => {
  let app: ElectronApplication
  beforeAll(async () => {
    const data = await mkdtemp(join(tmpdir(), 'lamella-desktop-'))
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [root, `--user-data-dir=${data}`],
      env: { ...(process.env as Record<string, string>), LAMELLA_DATA: data },
      timeout: patience
    })
    app.context().setDefaultTimeout(patience)
  })
  afterAll(() => app.close())

  it('shows the window under its own scheme, without Node in it', async () => {
    const page = await app.firstWindow()
    expect(page.url()).toBe('lamella://app/')
    await page.locator('#app > *').first().waitFor()
    expect(await page.evaluate(() => 'require' in window || 'process' in window)).toBe(false)
    expect(
      await page.evaluate(() => Object.keys(Reflect.get(window, 'lamella') as object))
    ).toEqual(['connect', 'onCommand', 'onOpen', 'pathOf'])
  })

  it('78: stays where it is', async () => {
    const page = await app.firstWindow()
    await page.evaluate(() => {
      window.open('https://example.com/')
      window.location.href = 'file:///etc/passwd'
    })
    await expect(page.evaluate(() => fetch('file:///etc/passwd'))).rejects.toThrow()
    expect(page.url()).toBe('lamella://app/')
    expect(app.windows()).toHaveLength(1)
  })

  it('has its workbench in a utility process, and connects to the one that takes over', async () => {
    const page = await app.firstWindow()
    const workbench = () =>
      app.evaluate(({ app }) => {
        const metrics = app.getAppMetrics().filter(({ name }) => name === 'Lamella workbench')
        return metrics.map(({ pid }) => pid)
      })
    const [pid, ...others] = await workbench()
    expect(others).toEqual([])
    process.kill(pid!, 'SIGKILL')
    await page.getByText('connected to the workbench again').waitFor()
    expect(await workbench()).not.toEqual([pid])
  })

  it('77: is reloaded when its page is killed', async () => {
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
    })
    await expect
      .poll(() =>
        app.evaluate(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents
          return contents?.isCrashed() === false && !contents.isLoading()
        })
      )
      .toBe(true)
  })
})
