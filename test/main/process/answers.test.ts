import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { createCalls, type Calls } from '../../../src/main/process/calls.ts'
import { forkProcess } from '../../../src/main/process/host.ts'
import { temporaryFolder } from '../checkpoint/temporary.ts'
import type { NotedCalls } from './answering-process.ts'

let calls: Calls<NotedCalls>
beforeEach(() => {
  const host = forkProcess(join(import.meta.dirname, 'answering-process.ts'))
  calls = createCalls<NotedCalls>({
    spawn: () => host.spawn(''),
    died: reason => new LamellaError('internal', reason),
    closed: () => new LamellaError('internal', 'Closed')
  })
})
afterEach(() => calls.close())

it('does one call after the other', async () => {
  await Promise.all([calls.ask('work', 'a'), calls.ask('work', 'b')])
  const noted = await calls.ask('noted', null)
  expect(noted).toEqual(['begun a', 'done a', 'begun b', 'done b'])
})

it('gives back what came with a call that was dropped, and drops no later one for it', async () => {
  const controller = new AbortController()
  const before = calls.ask('work', 'a')
  const dropped = calls.ask('work', 'b', controller.signal)
  const after = calls.ask('work', 'c')
  controller.abort()
  await expect(dropped).rejects.toThrow('Cancelled')
  await Promise.all([before, after])
  const noted = await calls.ask('noted', null)
  expect(noted).toEqual(['begun a', 'done a', 'left b', 'begun c', 'done c'])
})

it('hears before the next call what was said while the one before blocked it', async () => {
  const folder = await temporaryFolder()
  const controller = new AbortController()
  const before = calls.ask('block', folder)
  const dropped = calls.ask('work', 'b', controller.signal)
  await expect.poll(() => existsSync(join(folder, 'blocks'))).toBe(true)
  controller.abort()
  await expect(dropped).rejects.toThrow('Cancelled')
  // What is said is in the pipe at once.
  writeFileSync(join(folder, 'go on'), '')
  await before
  expect(await calls.ask('noted', null)).toEqual(['left b'])
})
