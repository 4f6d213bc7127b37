import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '#common/contract/rpc.ts'
import { protocolsWith } from '#common/contract/socket-token.ts'
import { openBrowser } from '../../src/main/shell/serve/open-browser.ts'
import type { FileHandler } from '../../src/main/shell/serve/respond.ts'
import { type RunningServer, startServer } from '../../src/main/shell/serve/server.ts'
import { patience, sharedChromium } from './chromium.ts'
import { status, testSource } from './source.ts'
import { openSocket } from './transports.ts'

/** A page that connects as the window does and leaves what it got where a test can ask for it. */
const script = `
  import { connectWorkbench } from '${join(import.meta.dirname, '../../src/renderer/src/connect.ts')}'
  window.states = []
  window.client = await connectWorkbench(state => window.states.push(state)).catch(error => {
    document.title = error.message
    throw error
  })
  window.seen = []
  window.client.on('status', status => window.seen.push(status.memoryBytes))
  document.title = 'connected'
`
/** What the page leaves. */
interface TestWindow {
  readonly client: Client
  readonly states: string[]
  readonly seen: number[]
  settled: string[]
}

const source = testSource()
let page: Page
let server: RunningServer
let files: FileHandler

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lamella-browser-'))
  await writeFile(join(folder, 'page.js'), script)
  const built = (await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'esnext', rollupOptions: { input: join(folder, 'page.js') } }
  })) as Rolldown.RolldownOutput
  const { code } = built.output[0]
  files = ({ url }, response, next) => {
    if (url === '/')
      response
        .setHeader('Content-Type', 'text/html')
        .end('<!doctype html><script type="module" src="/page.js"></script>')
    else if (url === '/page.js') response.setHeader('Content-Type', 'text/javascript').end(code)
    else next()
  }
  server = await startServer({ source, files })
  const context = await (await sharedChromium()).newContext()
  context.setDefaultTimeout(patience)
  page = await context.newPage()
  await openBrowser(server.url, folder, address => page.goto(address))
  await page.waitForFunction(() => document.title === 'connected')
})
afterAll(async () => {
  await page.context().close()
  await server.close()
})

describe('a real browser', () => {
  it('comes from the private page to a clean address', () => {
    expect(page.url()).toBe(`http://127.0.0.1:${server.port}/`)
  })

  it('keeps the token for reloads of its tab, and for no other tab', async () => {
    const other = await page.context().newPage()
    await other.goto(`http://127.0.0.1:${server.port}/`)
    const alert = await other.waitForFunction(() => document.title)
    expect(await alert.jsonValue()).toBe('This tab was not let in by its address')
    await other.goto(server.url)
    await other.waitForFunction(() => document.title === 'connected')
    await other.reload()
    await other.waitForFunction(() => document.title === 'connected')
    expect(other.url()).toBe(`http://127.0.0.1:${server.port}/`)
    await other.close()
  })

  it('71, 72: sends another port a cookie that opens no socket, and no token', async () => {
    const heard: IncomingHttpHeaders[] = []
    const lurking = createServer(({ headers }, response) => {
      heard.push(headers)
      response.end()
    })
    await new Promise<void>(resolve => lurking.listen(0, '127.0.0.1', resolve))
    const { port } = lurking.address() as AddressInfo
    const visitor = await page.context().newPage()
    await visitor.goto(server.url)
    await visitor.waitForFunction(() => document.title === 'connected')
    await visitor.evaluate(url => void (location.href = url), `http://127.0.0.1:${port}/`)
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    const { cookie = '' } = heard[0]!
    expect(cookie).toContain(`lamella-${server.port}=`)
    expect(JSON.stringify(heard)).not.toContain(server.token)
    const headers = { cookie, origin: `http://127.0.0.1:${server.port}` }
    const value = cookie.slice(cookie.indexOf('=') + 1)
    for (const protocols of [[], protocolsWith(value)])
      await expect(openSocket(server, headers, '/rpc', protocols)).rejects.toThrow('401')
    await visitor.close()
    lurking.close()
  })

  it('reads values, errors and events under the content policy', async () => {
    const value = await page.evaluate(async () => {
      const { client } = window as unknown as TestWindow
      const { data } = await client.call('runs.value', { runId: 'r', hook: 'h' })
      const error = await client.call('models.open', { path: '/x' }).then(
        () => 'none',
        (thrown: Error) => `${thrown.name}: ${thrown.message}`
      )
      return { isFloat32: data instanceof Float32Array, half: data[2], error }
    })
    expect(value).toEqual({
      isFloat32: true,
      half: 0.5,
      error: 'LamellaError: /x: no config.json'
    })
    source.emit({ ...status, memoryBytes: 41 })
    await page.waitForFunction(() => (window as unknown as TestWindow).seen.includes(41))
  })

  it('runs no inline script and reaches no other origin', async () => {
    const blocked = page.evaluate(
      () =>
        new Promise<string[]>(resolve => {
          const directives: string[] = []
          document.addEventListener('securitypolicyviolation', event => {
            directives.push(event.effectiveDirective)
            if (directives.length === 2) resolve(directives.sort())
          })
          const element = document.createElement('script')
          element.textContent = 'document.title = "injected"'
          document.body.append(element)
          void fetch('http://127.0.0.1:9/').catch(() => undefined)
        })
    )
    expect(await blocked).toEqual(['connect-src', 'script-src-elem'])
    expect(await page.title()).toBe('connected')
  })

  it('76: is rejected once when the server goes, and finds it again', async () => {
    await page.evaluate(() => {
      const state = window as unknown as TestWindow
      state.settled = []
      state.client
        .call('runs.start', {
          source: { model: { path: '/m', fingerprint: 'f' }, input: { text: 'a' } }
        })
        .then(
          () => state.settled.push('result'),
          (error: { code: string }) => state.settled.push(error.code)
        )
    })
    await expect.poll(() => source.runs.length).toBe(1)
    const { port } = server
    await server.close()
    server = await startServer({ source, files, port })
    await page.evaluate(token => sessionStorage.setItem('token', token), server.token)
    await page.waitForFunction(() => {
      const { states } = window as unknown as TestWindow
      return states.join() === 'connected,reconnecting,connected'
    })
    source.finish()
    const after = await page.evaluate(async () => {
      const state = window as unknown as TestWindow
      return [(await state.client.call('app.info', {})).version, ...state.settled]
    })
    expect(after).toEqual(['1', 'disconnected'])
    expect(source.runs).toHaveLength(1)
  })
})
