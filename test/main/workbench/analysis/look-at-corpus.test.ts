import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lookAtCorpus } from '../../../../src/main/workbench/analysis/look-at-corpus.ts'
import { uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'

const look = (path: string) => lookAtCorpus(path, uncancelled())

it('counts the files of a folder and below, and tells when any of it is another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-look-'))
  mkdirSync(join(folder, 'below'))
  writeFileSync(join(folder, 'a.txt'), 'To be')
  writeFileSync(join(folder, 'below', 'b.txt'), 'or not')
  writeFileSync(join(folder, '.hidden'), 'x')
  const first = await look(folder)
  expect(first).toMatchObject({ files: 2, bytes: 11, left: 1 })
  expect(await look(folder)).toEqual(first)
  expect(await look(join(folder, 'a.txt'))).toMatchObject({ files: 1, bytes: 5, left: 0 })
  writeFileSync(join(folder, 'a.txt'), 'To me')
  const second = await look(folder)
  expect(second).toMatchObject({ files: 2, bytes: 11 })
  expect(second.mark).not.toBe(first.mark)
  rmSync(join(folder, 'below', 'b.txt'))
  expect((await look(folder)).mark).not.toBe(second.mark)
})

it('says what is not there, holds no text, or is no whole path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-look-'))
  expect(await outcome(look(join(folder, 'gone.txt')))).toMatch(/^not-found: .*gone\.txt/)
  expect(await outcome(look(folder))).toMatch(/^file-invalid: .*holds no text file/)
  expect(await outcome(look('books'))).toBe('invalid-argument: books: is no whole path')
})
