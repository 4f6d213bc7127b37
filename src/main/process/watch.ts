import { Worker } from 'node:worker_threads'

/** What a process may take. */
export interface Limits {
  /** Resident memory, in bytes. */
  readonly memory: number
  /** One number, shared: the process's processor time, in ms, by which it has to be done; Infinity for never. */
  readonly deadline: Float64Array<SharedArrayBuffer>
}

export interface WatchOptions {
  /** Of an exchange: removed when the process ends so; empty for none. */
  readonly folder?: string
  readonly limits?: Limits
  /** Whether the owner's end of standard input closes when the owner ends. */
  readonly endsWithInput: boolean
}

/** How often the limits are looked at, in ms. */
const interval = 20

/**
 * Ends this process with its owner, or when it has taken more than it may. A thread of its own looks: the other one may be
 * computing, or compiling a regular expression, which no time limit of V8's interrupts.
 */
export function startWatch(options: WatchOptions): void {
  if (!options.endsWithInput && options.limits === undefined) return
  // It keeps the process until it has seen the owner's end: nothing else removes the folder then.
  new Worker(watch, { eval: true, workerData: { ...options, interval } })
}

/** Begins the line of standard error that says what a process has taken too much of. */
export const limitMark = 'Over the limit: '

const watch = `
  const { lstatSync, readdirSync, rmdirSync, unlinkSync, writeSync } = require('node:fs')
  const { join } = require('node:path')
  const { Socket } = require('node:net')
  const { folder, limits, endsWithInput, interval } = require('node:worker_threads').workerData
  function end() {
    try {
      const names = lstatSync(folder).isDirectory() ? readdirSync(folder) : []
      for (const name of names) if (/^\\d+-\\d+$/.test(name)) unlinkSync(join(folder, name))
      rmdirSync(folder)
    } catch {
      // The next start sweeps what is left.
    } finally {
      process.kill(process.pid, 'SIGKILL')
    }
  }
  function endFor(limit) {
    writeSync(2, '${limitMark}' + limit + '\\n')
    end()
  }
  if (endsWithInput) new Socket({ fd: 0 }).resume().on('close', end)
  if (limits)
    setInterval(() => {
      const { user, system } = process.cpuUsage()
      if ((user + system) / 1000 > limits.deadline[0]) endFor('time')
      if (process.memoryUsage.rss() > limits.memory) endFor('memory')
    }, interval)
`
