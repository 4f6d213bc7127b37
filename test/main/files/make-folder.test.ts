import { writeFile } from 'node:fs/promises'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inMadeFolder, makeFolder } from '../../../src/main/files/make-folder.ts'
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

it('leaves nothing of what was made for something that fails or writes nothing, and all that something is in', async () => {
  const folder = await temporaryFolder()
  mkdirSync(join(folder, 'old'))
  const use = (file?: string) => async () => {
    if (file !== undefined) writeFileSync(join(folder, file), '')
    return Promise.reject(new Error('ended'))
  }
  await expect(inMadeFolder(join(folder, 'a/b'), use())).rejects.toThrow('ended')
  await expect(inMadeFolder(join(folder, 'old/new'), use())).rejects.toThrow('ended')
  await expect(inMadeFolder(join(folder, 'old'), use())).rejects.toThrow('ended')
  expect(readdirSync(folder, { recursive: true })).toEqual(['old'])
  await expect(inMadeFolder(join(folder, 'a/b'), use('a/file'))).rejects.toThrow('ended')
  expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(['a', 'a/file', 'old'])
  expect(await inMadeFolder(join(folder, 'a/b'), () => Promise.resolve(3))).toBe(3)
  expect(readdirSync(join(folder, 'a'))).toEqual(['file'])
  await inMadeFolder(join(folder, 'a/b'), async () => writeFile(join(folder, 'a/b/own'), ''))
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['own'])
})

it('names the folder that cannot be made', async () => {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'a'), '')
  await expect(inMadeFolder(join(folder, 'a/b'), () => Promise.resolve())).rejects.toMatchObject({
    code: 'file-unwritable',
    message: `${join(folder, 'a/b')}: a file stands where its folder should be`
  })
})
