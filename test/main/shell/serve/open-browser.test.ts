import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { processMark } from '../../../../src/main/files/process-mark.ts'
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

  it('sweeps away the pages of killed programs, and no others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamella-open-'))
    const [, start, world] = processMark().split('-')
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const others = [`open-${process.ppid}-0-${world}-ab.html`, 'open-me.html', 'notes.html']
    for (const name of [`open-${gone}-${start}-${world}-ab.html`, ...others])
      await writeFile(join(folder, name), 'x')
    await openBrowser('http://127.0.0.1:1/?token=SECRET', folder, () => Promise.resolve())
    const left = (await readdir(folder)).filter(name => !name.includes(processMark()))
    expect(left.sort()).toEqual(others.sort())
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
