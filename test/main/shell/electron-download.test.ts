import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { fetchElectron } from '../../../src/main/shell/electron-download.ts'

/** A package laid out as Electron's, whose installer does as a test says. */
let folder: string
let temporary: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-electron-test-'))
  temporary = join(folder, 'tmp')
  mkdirSync(temporary)
})

const installs = `
  const fs = require('node:fs')
  fs.writeFileSync(process.env.TMPDIR + '/part', 'x')
  fs.mkdirSync(__dirname + '/dist')
  fs.writeFileSync(__dirname + '/dist/electron', '')
  fs.writeFileSync(__dirname + '/path.txt', 'electron')
`
const reachable = { ...process.env, ELECTRON_GET_USE_PROXY: '1' }

async function fetching(installer: string, environment = reachable, patience = 30_000) {
  await writeFile(join(folder, 'install.js'), installer)
  const began = vi.fn()
  const result = await fetchElectron({ began, folder, environment, patience, temporary })
  return { began: began.mock.calls.length, ...result }
}

describe('Electron’s program', () => {
  it('is fetched by its own installer, which leaves nothing else', async () => {
    expect(await fetching(installs)).toEqual({ began: 1, program: join(folder, 'dist/electron') })
    expect(readdirSync(temporary)).toEqual([])
  })

  it('cannot be had when its installer fails, which says why', async () => {
    const fails = `
      console.error('HTTPError: Response code 404 (Not Found)')
      process.exit(1)`
    expect(await fetching(fails)).toEqual({
      began: 1,
      obstacle: 'Electron cannot be fetched: HTTPError: Response code 404 (Not Found)'
    })
    expect(await fetching('process.exit(3)')).toMatchObject({
      obstacle: 'Electron cannot be fetched: its installer ended with 3'
    })
    expect(await fetching('')).toMatchObject({
      obstacle: 'Electron cannot be fetched: its installer brought no program'
    })
  })

  it('is given up when its download stands still, and not while that grows', async () => {
    const stalls = `
      const fs = require('node:fs')
      fs.writeFileSync(__dirname + '/pid', String(process.pid))
      const part = process.env.TMPDIR + '/part'
      let times = 0
      setInterval(() => times++ < 10 && fs.appendFileSync(part, 'x'), 250)`
    const began = performance.now()
    expect(await fetching(stalls, reachable, 2000)).toEqual({
      began: 1,
      obstacle: 'Electron cannot be fetched: the download stood still for 2 s'
    })
    // It grew for two seconds and a half.
    expect(performance.now() - began).toBeGreaterThan(4500)
    expect(readdirSync(temporary)).toEqual([])
    const pid = spawnSync('cat', [join(folder, 'pid')], { encoding: 'utf8' }).stdout
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
  })

  it('is fetched after what a killed download left is swept away', async () => {
    const [, start, world] = processMark().split('-')
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const left = join(temporary, `lamella-electron-${gone}-${start}-${world}-ab`)
    const others = ['x', `lamella-electron-${process.ppid}-0-${world}-ab`]
    for (const path of [left, ...others.map(name => join(temporary, name))]) {
      mkdirSync(join(path, 'electron-download-1'), { recursive: true })
      writeFileSync(join(path, 'electron-download-1/electron.zip'), 'x')
    }
    expect(await fetching(installs)).toHaveProperty('program')
    expect(existsSync(left)).toBe(false)
    expect(readdirSync(temporary).sort()).toEqual(others.sort())
  })

  it('cannot be had where nothing can be written meanwhile', async () => {
    temporary = join(folder, 'nowhere')
    expect(await fetching(installs)).toEqual({
      began: 1,
      obstacle: `Electron cannot be fetched: ${temporary}: no temporary folder can be made there (ENOENT)`
    })
  })

  it('is not tried for where there is no network', async () => {
    const nowhere = { ...process.env, ELECTRON_MIRROR: 'http://127.0.0.1:9/' }
    delete (nowhere as Record<string, string>).ELECTRON_GET_USE_PROXY
    expect(await fetching(installs, nowhere as never)).toEqual({
      began: 0,
      obstacle: 'Electron cannot be fetched: http://127.0.0.1:9/ does not answer'
    })
  })

  it('is not fetched against the user’s word', async () => {
    const never = { ...reachable, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
    expect(await fetching(installs, never)).toEqual({
      began: 0,
      obstacle: 'Electron cannot be fetched: ELECTRON_SKIP_BINARY_DOWNLOAD is set'
    })
  })
})
