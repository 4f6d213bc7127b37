import type * as Crypto from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { besideOf, isUnfinished, replaceFile } from '../../../src/main/files/replace-file.ts'

/** What is random in a name can be known here. */
vi.mock('node:crypto', async original => ({
  ...(await original<typeof Crypto>()),
  randomBytes: (count: number) => Buffer.alloc(count)
}))

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-replace-'))

it('a file is replaced as a whole, with nothing left beside', async () => {
  const file = join(newFolder(), 'a')
  for (const pieces of [['one'], ['t', new TextEncoder().encode('wo')]]) {
    await replaceFile(file, pieces, { lasts: true })
    expect(readFileSync(file, 'utf8')).toBe(pieces.length === 1 ? 'one' : 'two')
  }
  expect(readdirSync(join(file, '..'))).toEqual(['a'])
})

it.skipIf(process.platform === 'win32')(
  'no link is written through that somebody put beside it',
  async () => {
    const folder = newFolder()
    const file = join(folder, 'a')
    const other = join(newFolder(), 'other')
    writeFileSync(other, 'theirs')
    writeFileSync(file, 'one')
    const beside = besideOf(file)
    expect(isUnfinished(basename(beside))).toBe(true)
    symlinkSync(other, beside)
    await expect(replaceFile(file, ['two'])).rejects.toThrow('EEXIST')
    expect(readFileSync(other, 'utf8')).toBe('theirs')
    expect(readFileSync(file, 'utf8')).toBe('one')
  }
)
