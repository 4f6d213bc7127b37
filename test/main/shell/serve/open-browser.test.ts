import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { hasDisplay, openBrowser } from '../../../../src/main/shell/serve/open-browser.ts'

describe('opening a browser', () => {
  it('72: keeps the token out of the command, in a page that only the user can read', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'lamella-open-')), 'data')
    const url = 'http://127.0.0.1:1/?token=SECRET'
    const opened: string[] = []
    for (let time = 0; time < 2; time++)
      await openBrowser(url, folder, address => Promise.resolve(opened.push(address)))
    expect(opened.join()).not.toContain('SECRET')
    const page = fileURLToPath(opened[0] ?? '')
    expect(await readFile(page, 'utf8')).toContain(`content="0; url=${url}"`)
    if (process.platform !== 'win32') expect((await stat(page)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux', { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '1.2.3.4 5 6.7.8.9 22' }, false],
    ['darwin', {}, true],
    ['win32', {}, true]
  ] as const)('on %s with %j: %s', (platform, environment, seen) => {
    expect(hasDisplay(platform, environment)).toBe(seen)
  })
})
