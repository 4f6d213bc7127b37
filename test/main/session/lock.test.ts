import type * as FileSystem from 'node:fs'
import { lstatSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

it('a lock that nobody holds on to is one for as long as the process lives', async () => {
  const path = newPlace()
  const isOurs = () => typeof lockSession(path) === 'object'
  expect(isOurs()).toBe(true)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let time = 0; time < 5; time++) {
    collect()
    await delay(10)
  }
  expect(lockSession(path)).toBe('taken')
})
