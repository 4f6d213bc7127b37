/** Reads one case after another in a process of its own, which may hang or crash. Started by run.ts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { writeCase } from './case.ts'
import type { WorkerMessage, WorkerOptions } from './messages.ts'
import { randomFrom } from './random.ts'
import { targets } from './targets.ts'
import { watchFiles } from './watch-files.ts'

const memoryLimit = 256 * 2 ** 20

const { target, seed, from, count, seconds, folder } = JSON.parse(process.argv[2]!) as WorkerOptions
const { make, read } = targets.get(target)!
const end = performance.now() + seconds * 1000
const model = join(folder, 'model')
// A channel that is only sent over does not keep a process alive.
process.channel!.ref()
const openedOutside = watchFiles(model)
let escaped: unknown = null
process.on('uncaughtException', error => (escaped = error))
process.on('unhandledRejection', error => (escaped = error))

try {
  for (let index = from; index < from + count && performance.now() < end; index++)
    await runCase(index)
  await say({ kind: 'done' })
  process.disconnect()
} catch (error) {
  console.error(error)
  process.exit(1)
}

async function runCase(index: number): Promise<void> {
  // Said before the work, so that a crash or a hang can be told apart by its case.
  await say({ kind: 'begin', index })
  const made = make(randomFrom(`${seed}/${target}/${index}`))
  writeCase(model, made)
  resetPeak()
  openedOutside()
  const before = process.memoryUsage.rss()
  let thrown: unknown = null
  await read(model, made).catch((error: unknown) => (thrown = error))
  const outside = openedOutside()
  const growth = peakMemory() - before

  const isRefusal = thrown instanceof LamellaError && thrown.code !== 'internal'
  if (thrown !== null && !isRefusal) await find('an untyped error', textOf(thrown))
  if (escaped !== null) await find('an error that nobody handled', textOf(escaped))
  escaped = null
  if (outside !== null) await find('a file outside the folder was opened', outside)
  if (growth > memoryLimit)
    await find('memory', `${Math.round(growth / 2 ** 20)} MB, over ${memoryLimit / 2 ** 20} MB`)
  await say({ kind: 'end', refused: isRefusal })
}

function find(what: string, detail: string): Promise<void> {
  return say({ kind: 'finding', what, detail })
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

function say(message: WorkerMessage): Promise<void> {
  return new Promise(resolve => {
    process.send!(message, () => resolve())
  })
}

/**
 * The most that was in use since the peak was reset, in bytes. `resourceUsage` would tell no less
 * than of the process that started this one.
 */
function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
}

/** Makes the peak of memory that of the next case; only Linux can. */
function resetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
}
