import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { namedFile } from '../../../src/main/files/folder.ts'
import { withFile } from '../../../src/main/files/open-file.ts'
import { sampleOf } from '../../../src/main/files/sample.ts'
import { temporaryFolder } from '../checkpoint/temporary.ts'

/** The sample of a file of zeros but for one byte. */
async function sample(size: number, at: number | null): Promise<string> {
  const path = join(await temporaryFolder(), 'w.bin')
  await writeFile(
    path,
    new Uint8Array(size).map((_, i) => (i === at ? 1 : 0))
  )
  return withFile(await namedFile(path), sampleOf)
}

it.each([1, 100, 4096, 5000])('tells any byte of %i', async size => {
  const zeros = await sample(size, null)
  expect(await sample(size, null)).toBe(zeros)
  for (const at of [0, size >> 1, size - 1]) expect(await sample(size, at)).not.toBe(zeros)
})

it('tells the first, the last and some bytes between of a large file', async () => {
  const size = 1_000_000
  const zeros = await sample(size, null)
  const between = Math.floor(((size - 4096) * 7) / 15)
  for (const at of [0, between, size - 1]) expect(await sample(size, at)).not.toBe(zeros)
})

it('of an empty file is one, too', async () => {
  expect(await sample(0, null)).toMatch(/^[0-9a-f]{64}$/)
})
