import { lstat, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeWholeFile } from '../../../src/main/export/whole-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-whole-'))
  path = join(folder, 'x')
})

const bytes = (text: string) => new TextEncoder().encode(text)
/** Where it is written before it takes its place. */
const beside = () => `${path}.${process.pid}.tmp`

describe('a file that is written as a whole', () => {
  it('has its pieces in their places', async () => {
    await writeWholeFile(path, async file => {
      await file.append(bytes('abc'))
      await file.writeAt(5, bytes('f'))
      await file.writeAt(0, bytes('A'))
      await file.append(bytes('g'))
    })
    expect(await readFile(path, 'utf8')).toBe('Abc\0\0fg')
    expect(await readdir(folder)).toEqual(['x'])
  })

  it.skipIf(process.platform === 'win32')(
    'is written through no link, and over nothing, that lies beside it',
    async () => {
      const victim = join(folder, 'victim')
      await writeFile(victim, 'theirs')
      await symlink(victim, beside())
      const write = () => writeWholeFile(path, file => file.append(bytes('ours')))
      const message = `${path}: cannot be written: EEXIST`
      await expect(write()).rejects.toThrow(message)
      expect(await readFile(victim, 'utf8')).toBe('theirs')
      expect((await lstat(beside())).isSymbolicLink()).toBe(true)
      expect((await readdir(folder)).sort()).toEqual(['victim', `x.${process.pid}.tmp`])
    }
  )

  it('leaves nothing, and what was there, when it fails in the middle or cannot take its place', async () => {
    await writeFile(path, 'old')
    const fail = async (file: { append(bytes: Uint8Array): Promise<void> }) => {
      await file.append(bytes('half'))
      throw new TypeError('out of luck')
    }
    await expect(writeWholeFile(path, fail)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `${path}: cannot be written: out of luck`
    })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['x'])

    const taken = join(folder, 'taken')
    await mkdir(join(taken, 'by a folder'), { recursive: true })
    await expect(writeWholeFile(taken, file => file.append(bytes('new')))).rejects.toThrow(
      `${taken}: cannot be written: `
    )
    expect((await readdir(folder)).sort()).toEqual(['taken', 'x'])
  })
})
