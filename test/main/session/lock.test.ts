import type * as FileSystem from 'node:fs'
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

it('a lock whose file somebody removed is none any more, and lets that of the next one be', () => {
  const path = newPlace()
  const first = lockSession(path)
  if (typeof first === 'string') return expect.unreachable(first)
  expect(first.isHeld()).toBe(true)
  rmSync(lockFileOf(path))
  expect(first.isHeld()).toBe(false)
  const next = lockSession(path)
  if (typeof next === 'string') return expect.unreachable(next)
  expect([first.isHeld(), next.isHeld()]).toEqual([false, true])
  first.release()
  expect(next.isHeld()).toBe(true)
  next.release()
})

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

it.skipIf(process.platform === 'win32')(
  'a lock that is let go leaves the file that another one is on by then',
  () => {
    const path = newPlace()
    const file = lockFileOf(path)
    const first = lockSession(path)
    writeFileSync(`${file}.other`, '')
    renameSync(`${file}.other`, file)
    const second = lockSession(path)
    if (typeof first === 'string' || typeof second === 'string') expect.unreachable()
    first.release()
    expect(lockSession(path)).toBe('taken')
    second.release()
    expect(existsSync(file)).toBe(false)
  }
)

it.each(['n'.repeat(247), 'ש'.repeat(123), 'n'.repeat(230)])(
  'a session is locked by whatever name a file may have: %s',
  name => {
    const path = join(dirname(newPlace()), `${name}.lamella`)
    writeFileSync(path, '')
    const lock = lockSession(path)
    if (typeof lock === 'string') expect.unreachable(lock)
    expect(lockSession(path)).toBe('taken')
    lock.release()
    expect(readdirSync(dirname(path))).toEqual([`${name}.lamella`])
  }
)

it('nothing is locked by a name that no file may have', () => {
  before = () => {
    throw Object.assign(new Error('name too long'), { code: 'ENAMETOOLONG' })
  }
  expect(lockSession(newPlace())).toBe('refused')
})
