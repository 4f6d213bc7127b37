import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { missingFiles } from '../../../src/main/files/missing.ts'

it('names those that are not there, and none of which that is not known', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-missing-'))
  const at = (name: string) => join(folder, name)
  writeFileSync(at('there'), '')
  const paths = [at('there'), at('gone'), at('there/within'), `${folder}/\0`]
  // A machine that stands still for a moment is taken for a disk that does not answer.
  await expect.poll(() => missingFiles()(paths)).toEqual([at('gone'), at('there/within')])
})

it('waits for no disk that does not answer, and holds few threads for it', async () => {
  const looked: string[] = []
  const answers = new Map<string, () => void>()
  const missing = missingFiles(path => {
    looked.push(path)
    if (!path.startsWith('/net'))
      return Promise.reject(Object.assign(new Error(), { code: 'ENOENT' }))
    return new Promise<void>(resolve => answers.set(path, resolve))
  })
  expect(await missing(['/net/a', '/here', '/net/b', '/net/c', '/here'])).toEqual(['/here'])
  expect(looked).toEqual(['/net/a', '/here', '/net/b'])
  // Not before it answers.
  expect(await missing(['/net/a', '/here'])).toEqual([])
  expect(looked).toHaveLength(3)
  for (const answer of answers.values()) answer()
  await expect.poll(() => missing(['/here'])).toEqual(['/here'])
})
