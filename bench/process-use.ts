import { readdir, readFile } from 'node:fs/promises'

/**
 * Milliseconds of the processor that a process has taken so far, all of its threads; 0 where the system does not tell. Other
 * than those of the clock, they are not more where the machine has much else to do.
 */
export async function processorTime(pid: number | undefined): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  let sum = 0
  for (const thread of threads) sum += await threadTime(pid, thread)
  return sum
}

/** The same of one thread. */
async function threadTime(pid: number | undefined, thread: string): Promise<number> {
  return Number((await told(pid, thread, 'schedstat')).split(' ')[0]) / 1e6
}

/** Processor time in ms by who takes it. */
export interface ProcessorShares {
  /** Processes that were started from here: engines and readers. */
  started: number
  /** Threads in which analyses run. */
  analyses: number
  /** This process's other threads. */
  own: number
}

/** What some work takes of the processor, of threads that are there at its end; zeros where the system does not tell. */
export async function processorShares(work: () => Promise<unknown>): Promise<ProcessorShares> {
  const before = await threadTimes()
  await work()
  const shares = { started: 0, analyses: 0, own: 0 }
  for (const [thread, { share, time }] of await threadTimes())
    shares[share] += time - (before.get(thread)?.time ?? 0)
  return shares
}

/** Of each thread of this process and of those that it started. */
async function threadTimes() {
  const times = new Map<string, { share: keyof ProcessorShares; time: number }>()
  const visit = async (pid: number): Promise<void> => {
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const isAnalyses = (await told(pid, thread, 'comm')).startsWith('Lamella compute')
      const own = isAnalyses ? 'analyses' : 'own'
      const share = pid === process.pid ? own : 'started'
      times.set(thread, { share, time: await threadTime(pid, thread) })
      const children = (await told(pid, thread, 'children')).split(' ').filter(Boolean)
      for (const child of children) await visit(Number(child))
    }
  }
  await visit(process.pid)
  return times
}

/** What the system says of a thread; empty where it has ended. */
function told(pid: number | undefined, thread: string, what: string): Promise<string> {
  return readFile(`/proc/${pid}/task/${thread}/${what}`, 'utf8').then(
    text => text.trim(),
    () => ''
  )
}

/** The most memory a process has held, in bytes; NaN where the system does not tell. */
export async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? []
  return Number(kilobytes) * 1024
}
