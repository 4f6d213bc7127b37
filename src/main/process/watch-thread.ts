/**
 * The thread that ends its process with the process's owner, or when it has taken more than it may: by SIGKILL, for the
 * other thread may be computing, or compiling a regular expression, which no time limit of V8's interrupts.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { workerData } from 'node:worker_threads'
import { removeExchange } from './remove-exchange.ts'
import { clockTime, limitMark, processorTime, type WatchOptions } from './watch.ts'

/** How often the limits are looked at, in ms. */
const interval = 20

const { folder, limits, endsWithInput } = workerData as WatchOptions

if (endsWithInput) new Socket({ fd: 0 }).resume().on('close', end)
if (limits !== undefined)
  setInterval(() => {
    const [processor, clock] = limits.deadline
    // Between calls nothing is begun: what one left too much in memory ends the process as the next begins. To ask the system
    // for that costs more than all else that an idle process does.
    if (processor === Infinity) return
    if (processorTime() > processor!) endFor('time')
    if (clockTime() > clock!) endFor('clock')
    if (process.memoryUsage.rss() > limits.memory) endFor('memory')
  }, interval)

function endFor(limit: string): void {
  writeSync(2, `${limitMark}${limit}\n`)
  end()
}

function end(): void {
  try {
    if (folder !== '') removeExchange(folder)
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}
