import type * as FileSystem from 'node:fs'
import { lstatSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { lockFileOf, lockSession } from '../../../src/main/session/lock.ts'
import { newPlace } from './example.ts'

/** What happens before one of the looks at a lock's file. */
let before = (): void => undefined
afterEach(() => {
  before = () => undefined
})
vi.mock('node:fs', async original => {
  const real = await original<typeof FileSystem>()
  const look = (...of: Parameters<typeof real.lstatSync>) => {
    before()
    return real.lstatSync(...of)
  }
  return { ...real, lstatSync: look }
})

it.skipIf(process.platform === 'win32')(
  'a lock is on the file that is there, not on one that its owner removed as it let go',
  () => {
    const path = newPlace()
    const file = lockFileOf(path)
    writeFileSync(file, '')
    const first = lstatSync(file).ino
    let looks = 0
    before = () => {
      // After what stands there was looked at, four times, and once more for its number: it is open.
      if (++looks !== 6) return
      rmSync(file)
      writeFileSync(file, '')
      writeFileSync(`${file}.keeps-its-number`, '')
    }
    const lock = lockSession(path)
    expect(looks).toBeGreaterThan(6)
    if (typeof lock === 'string') expect.unreachable(lock)
    expect(lstatSync(file).ino).not.toBe(first)
    expect(lockSession(path)).toBe('taken')
    lock.release()
  }
)
