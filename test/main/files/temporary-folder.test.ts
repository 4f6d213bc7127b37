import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownPrefix } from '../../../src/main/files/left-behind.ts'
import { temporaryFolder } from '../../../src/main/files/temporary-folder.ts'

const leaving = { prefix: 'lamella-some-', suffix: '', longestRest: 1000 }

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lamella-temporary-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

it('is its user’s alone, named after its process, and goes with all that is in it', () => {
  const listeners = process.listenerCount('exit')
  const folder = temporaryFolder(leaving, parent)
  const { path } = folder
  expect(path.startsWith(join(parent, ownPrefix(leaving)))).toBe(true)
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700)
  writeFileSync(join(path, 'a'), 'a')
  folder.remove()
  expect(existsSync(path)).toBe(false)
  expect(process.listenerCount('exit')).toBe(listeners)
})

it('goes with a process that ends before it is done with', () => {
  const module = join(import.meta.dirname, '../../../src/main/files/temporary-folder.ts')
  const script = `
    import { writeFileSync } from 'node:fs'
    import { temporaryFolder } from ${JSON.stringify(module)}
    const { path } = temporaryFolder(${JSON.stringify(leaving)}, ${JSON.stringify(parent)})
    writeFileSync(path + '/a', 'a')
    console.log(path)
    process.exit(3)`
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script])
  expect(ended.status, ended.stderr.toString()).toBe(3)
  expect(ended.stdout.toString()).toContain(parent)
  expect(readdirSync(parent)).toEqual([])
})

it('that cannot be made is refused with what to do', () => {
  const nowhere = join(parent, 'nowhere')
  expect(() => temporaryFolder(leaving, nowhere)).toThrow(
    expect.objectContaining({
      code: 'file-unwritable',
      message: `${nowhere}: no temporary folder can be made there (ENOENT)`,
      hint: 'Set TMPDIR to a folder that can be written.'
    })
  )
})
