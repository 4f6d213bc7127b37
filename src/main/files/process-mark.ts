import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * This process as what it leaves on disk is named after it: id, start and the world in which the id means it, as
 * `1234-56789-4026531836`.
 */
export function processMark(): string {
  return [process.pid, startOf('self'), world].join('-')
}

/** Whether the process of a mark could be seen from here and is not there. When in doubt it is. */
export function isGone(mark: string): boolean {
  const [pid, start, ofWorld] = mark.split('-')
  return ofWorld === world && !isAlive(Number(pid), start!)
}

/** Whether a mark is of another machine, of a container or of this machine before it was started again: none can tell from here. */
export function isElsewhere(mark: string): boolean {
  return mark.split('-')[2] !== world
}

/** Whether a process is there, and is the one that started then: ids of the dead are given to others. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = startOf(pid)
  return start === unknown || now === unknown || now === start
}

/** What stands for a start or a world where the system does not tell. */
const unknown = '0'

/** When a process started, in ticks since the system did. */
function startOf(pid: number | 'self'): string {
  // The program's name, in parentheses, may hold anything; the start is the 20th word after it.
  const stat = orUnknown(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? unknown
}

/** A word that is another each time that the system starts. */
export const bootFile = '/proc/sys/kernel/random/boot_id'

/** The numbering of processes; containers of one machine have their own. */
export const numberingLink = '/proc/self/ns/pid'

/**
 * Where an id means a process, as a number: machines that share a folder number their processes alike, and each anew
 * when it starts.
 */
export function worldOf(host: string, boot: string, numbering: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([host, boot, numbering]))
    .digest()
  return String(hash.readUIntBE(0, 6))
}

const world = worldOf(
  hostname(),
  orUnknown(() => readFileSync(bootFile, 'utf8')),
  orUnknown(() => readlinkSync(numberingLink))
)

function orUnknown(told: () => string): string {
  try {
    return told()
  } catch {
    return unknown
  }
}
