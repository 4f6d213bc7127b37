import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { createCalls, type Calls } from '../../../src/main/process/calls.ts'
import { forkProcess } from '../../../src/main/process/host.ts'
import { outcome } from '../checkpoint/temporary.ts'
import type { TakingCalls } from './limited-process.ts'

/** Of a process that takes a third of it by itself. */
const memory = 300 * 2 ** 20
const never = 1e6

let started: number
let calls: Calls<TakingCalls>
beforeEach(() => {
  const host = forkProcess(join(import.meta.dirname, 'limited-process.ts'))
  started = 0
  calls = createCalls<TakingCalls>({
    spawn() {
      started++
      return host.spawn(String(memory))
    },
    died: reason => new LamellaError('internal', reason),
    closed: () => new LamellaError('internal', 'Closed')
  })
})
afterEach(() => calls.close())

const died = (limit: string) => `internal: signal SIGKILL: Over the limit: ${limit}`

it.skipIf(process.platform === 'win32')(
  'a process lives that holds less memory than it may, and ends when it holds more',
  async () => {
    // For longer than goes unseen.
    await calls.ask('hold', { allowed: never, bytes: memory / 3, ms: 500 })
    expect(started).toBe(1)
    // All in all less than twice of what it may.
    const held = calls.ask('hold', { allowed: never, bytes: memory, ms: never })
    expect(await outcome(held)).toBe(died('memory'))
  }
)

it.skipIf(process.platform === 'win32')(
  'a call may take the processor time that it is allowed, and no more',
  async () => {
    await calls.ask('compute', { allowed: 5_000, ms: 300 })
    await calls.ask('compute', { allowed: 5_000, ms: 300 })
    expect(await outcome(calls.ask('compute', { allowed: 200, ms: 5_000 }))).toBe(died('time'))
    expect(started).toBe(1)
  }
)

it('what a process computes between calls counts for none', async () => {
  await calls.ask('computeAfterwards', { allowed: 500, ms: 1_500 })
  await calls.ask('compute', { allowed: 500, ms: 0 })
  expect(started).toBe(1)
})
