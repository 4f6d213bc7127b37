import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type * as FileSystem from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cancelled } from '#common/model/errors.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { withFile } from '../../../src/main/files/open-file.ts'
import { openRegular } from '../../../src/main/files/open-regular.ts'
import { outcome, temporaryFolder } from '../checkpoint/temporary.ts'

/** What happens between the look at a path and its opening. */
let meanwhile = (): void => undefined
afterEach(() => {
  meanwhile = () => undefined
})
vi.mock('node:fs/promises', async original => {
  const real = await original<typeof FileSystem>()
  const lstat = async (...of: Parameters<typeof real.lstat>) => {
    const found = await real.lstat(...of)
    meanwhile()
    return found
  }
  return { ...real, lstat }
})

async function newFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'w.bin')
  writeFileSync(path, 'mine')
  return path
}

describe.skipIf(process.platform === 'win32')('what takes a file’s place as it is opened', () => {
  it.each<[string, (path: string) => void, string]>([
    ['a link', path => symlinkSync('/etc/passwd', path), 'file-unreadable: w.bin: is a link'],
    [
      'a named pipe',
      path => execFileSync('mkfifo', [path]),
      'file-invalid: w.bin: is a named pipe, not a file'
    ],
    ['a folder', path => mkdirSync(path), 'file-invalid: w.bin: is a folder, not a file']
  ])('is not opened, nor waited for: %s', async (_, put, expected) => {
    const path = await newFile()
    meanwhile = () => {
      meanwhile = () => undefined
      rmSync(path)
      put(path)
    }
    expect(await outcome(openRegular(path, 'w.bin'))).toMatch(expected)
  })
})

describe('what fails while a file changes', () => {
  it('is told as the change that it is, unless it was given up', async () => {
    const place = await namedFile(await newFile())
    const fails = (error: Error) =>
      withFile(place, () => {
        appendFileSync(place.path, 'more')
        return Promise.reject(error)
      })
    expect(await outcome(fails(new Error('half a header')))).toBe(
      'file-changed: w.bin: changed since it was opened'
    )
    expect(await outcome(fails(cancelled()))).toBe(`cancelled: ${cancelled().message}`)
  })
})
