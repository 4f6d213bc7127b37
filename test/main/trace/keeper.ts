/**
 * A program that keeps values, more than may wait in memory, and says which are stored until it is killed, in the midst of them.
 * Its words: a folder, the thread's module.
 */
import { startThread } from '../../../src/main/threads/thread.ts'
import type { CachePlace, TraceCalls, WaitingLimits } from '../../../src/main/trace/protocol.ts'
import { halfNoise } from './values.ts'

const [, , folder = '', entry = ''] = process.argv
const given: CachePlace & WaitingLimits = {
  folder,
  limitBytes: 2 ** 30,
  mostInMemory: 100_000,
  mostSpooled: 2 ** 30
}
const thread = startThread<TraceCalls>(entry, { name: 'trace', does: 'keeps values', given })
let told = 0
for (let i = 0; i < 200; i++) {
  const put = { run: 'run', hook: `${i}`, value: halfNoise(20_000, i), layout: 'whole' } as const
  void thread.ask('put', put).then(() => {
    process.stdout.write(`${i}\n`)
    // A pipe has at once what is written to it.
    if (++told === 20) process.kill(process.pid, 'SIGKILL')
  })
}
