import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { electronBinary } from '../../../src/main/shell/electron-binary.ts'

/** A package laid out as Electron's: once its installer has run, with path.txt and dist. */
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-electron-'))
})

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
})
