import { statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toLamellaError } from '#common/model/errors.ts'

/** What a disk in memory is written in. */
export const blockBytes = 4096

/** Fills a disk until no more than so many blocks are free on it, or makes room again. */
export function leaveBlocks(disk: string, blocks: number): void {
  const file = join(disk, 'filler')
  writeFileSync(file, '')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - blocks * blockBytes)))
}

/** What was thrown, in words; null for nothing. */
export function refusal(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (thrown: unknown) => {
      const { code, message } = toLamellaError(thrown)
      return `${code}: ${message}`
    }
  )
}
