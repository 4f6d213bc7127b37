import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { electronBinary, fetchElectron } from '../../../src/main/shell/electron-binary.ts'

/** A package laid out as Electron's: an installer, and once that has run, path.txt and dist. */
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-electron-'))
})

const installer = `
  const fs = require('node:fs')
  fs.mkdirSync(__dirname + '/dist')
  fs.writeFileSync(__dirname + '/dist/electron', '')
  fs.writeFileSync(__dirname + '/path.txt', 'electron')
`
const reachable = { ...process.env, ELECTRON_GET_USE_PROXY: '1' }

describe('Electron’s program', () => {
  it('is not here before it was fetched, nor when half of it is gone', async () => {
    expect(electronBinary(null, {})).toBe(null)
    expect(electronBinary(folder, {})).toBe(null)
    await writeFile(join(folder, 'path.txt'), 'electron')
    expect(electronBinary(folder, {})).toBe(null)
  })

  it('is found where it was fetched to, or where the user says', async () => {
    await mkdir(join(folder, 'dist'))
    await writeFile(join(folder, 'dist/electron'), '')
    expect(electronBinary('/nowhere', { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'dist') })).toBe(
      join(folder, 'dist/electron')
    )
    await writeFile(join(folder, 'path.txt'), 'electron')
    expect(electronBinary(folder, {})).toBe(join(folder, 'dist/electron'))
  })

  it('is fetched by its own installer', async () => {
    await writeFile(join(folder, 'install.js'), installer)
    const began = vi.fn()
    expect(await fetchElectron(began, folder, reachable)).toBe(join(folder, 'dist/electron'))
    expect(began).toHaveBeenCalledOnce()
  })

  it('cannot be had when its installer fails', async () => {
    await writeFile(join(folder, 'install.js'), 'process.exit(1)')
    expect(await fetchElectron(vi.fn(), folder, reachable)).toBe(null)
  })

  it('is not tried for where there is no network', async () => {
    await writeFile(join(folder, 'install.js'), installer)
    const began = vi.fn()
    const nowhere = { ...process.env, ELECTRON_MIRROR: 'http://127.0.0.1:9/' }
    delete (nowhere as Record<string, string>).ELECTRON_GET_USE_PROXY
    expect(await fetchElectron(began, folder, nowhere)).toBe(null)
    expect(began).not.toHaveBeenCalled()
  })

  it('is not fetched against the user’s word', async () => {
    await writeFile(join(folder, 'install.js'), installer)
    const never = { ...reachable, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }
    expect(await fetchElectron(vi.fn(), folder, never)).toBe(null)
  })
})
