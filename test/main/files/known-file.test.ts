import type { BigIntStats } from 'node:fs'
import { expect, it } from 'vitest'
import { markOf, settledStats } from '../../../src/main/files/known-file.ts'

/** What the system says of a file that changed so many milliseconds ago. */
const changedAgo = (milliseconds: number) =>
  ({ ctimeNs: BigInt(Date.now() - milliseconds) * 1_000_000n }) as BigIntStats

it('a file that was just written is looked at again once its clock has gone on', async () => {
  const ages = [0, 0, 1000]
  const found = await settledStats('w.bin', () => Promise.resolve(changedAgo(ages.shift()!)))
  expect(ages).toEqual([])
  expect(Date.now() - Number(found.ctimeNs / 1_000_000n)).toBeGreaterThanOrEqual(1000)
})

it('a file that is written all the time is refused by name', async () => {
  await expect(settledStats('w.bin', () => Promise.resolve(changedAgo(0)))).rejects.toMatchObject({
    code: 'file-unreadable',
    message: 'w.bin: is being written'
  })
})

it('a file whose system’s clock is ahead is not waited for', async () => {
  const ahead = changedAgo(-3_600_000)
  expect(await settledStats('w.bin', () => Promise.resolve(ahead))).toBe(ahead)
})

it('a mark is another one for another device, inode, size or time', () => {
  const stats = { dev: 1n, ino: 2n, size: 3n, mtimeNs: 4n, ctimeNs: 5n } as BigIntStats
  const others = Object.keys(stats).map(fact => markOf({ ...stats, [fact]: 6n }))
  expect(new Set([markOf(stats), ...others]).size).toBe(6)
})
