import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

/** What a process may take. */
export interface Limits {
  /** Resident memory, in bytes. */
  readonly memory: number
  /** Two numbers, shared: the process's processor time and the time of the clock, in ms, by which it has to be done; Infinity for never. */
  readonly deadline: Float64Array<SharedArrayBuffer>
}

export interface WatchOptions {
  /** Of an exchange: removed when the process ends so; empty for none. */
  readonly folder: string
  readonly limits?: Limits
  /** Whether the owner's end of standard input closes when the owner ends. */
  readonly endsWithInput: boolean
}

/** Ends this process with its owner, or when it has taken more than it may. */
export function startWatch(options: WatchOptions): void {
  if (!options.endsWithInput && options.limits === undefined) return
  // It keeps the process until it has seen the owner's end: nothing else removes the folder then.
  new Worker(threadEntry, { name: 'Lamella watch', workerData: options })
}

/** What this process has taken so far, in ms. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The time of the clock, in ms, alike in all threads of a process. */
export function clockTime(): number {
  return performance.timeOrigin + performance.now()
}

/** Begins the line of standard error that says what a process has taken too much of. */
export const limitMark = 'Over the limit: '

/** Beside this module in the sources; once built, beside the module that the process runs. */
const threadEntry = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'watch-thread.ts')
  : join(dirname(process.argv[1]!), 'watch.js')
