import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder } from '../../../src/main/files/make-folder.ts'
import { temporaryFolder } from '../checkpoint/temporary.ts'

it('makes a folder and those above it, for its user alone, and again', async () => {
  const folder = await temporaryFolder()
  await makeFolder(join(folder, 'a/b/c'))
  await makeFolder(join(folder, 'a/b/c'))
  for (const made of ['a', 'a/b', 'a/b/c'])
    expect(statSync(join(folder, made)).mode & 0o777).toBe(
      process.platform === 'win32' ? 0o666 : 0o700
    )
})

it('says what is in the way', async () => {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'a'), '')
  await expect(makeFolder(join(folder, 'a/b'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(folder, 'a'))).rejects.toMatchObject({ code: 'EEXIST' })
})

it.runIf(process.platform === 'linux')('ends where the system takes no folders', async () => {
  await expect(makeFolder('/proc/lamella/data')).rejects.toMatchObject({ code: 'ENOENT' })
})
