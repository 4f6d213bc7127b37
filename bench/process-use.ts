import { readdir, readFile } from 'node:fs/promises'

/**
 * Milliseconds of the processor that a process has taken so far, all of its threads; 0 where the system does not tell. Other
 * than those of the clock, they are not more where the machine has much else to do.
 */
export async function processorTime(pid: number | undefined): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  let nanoseconds = 0
  for (const thread of threads) {
    const told = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '')
    nanoseconds += Number(told.split(' ')[0])
  }
  return nanoseconds / 1e6
}

/** The most memory a process has held, in bytes; NaN where the system does not tell. */
export async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? []
  return Number(kilobytes) * 1024
}
