import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

/**
 * How many cores this process may compute on. The runtime counts them by what the processor says of itself, which in a virtual
 * machine may be one of two; the system knows better.
 * @param folder where Linux tells of its processors
 * @param available processors that this process may use
 * @returns undefined where the system does not tell: the runtime counts itself
 */
export function processorCores(
  folder = '/sys/devices/system/cpu',
  available = availableParallelism()
): number | undefined {
  try {
    const processors = readdirSync(folder).filter(name => /^cpu\d+$/.test(name))
    const siblings = processors.map(name =>
      readFileSync(join(folder, name, 'topology/thread_siblings_list'), 'utf8').trim()
    )
    if (siblings.length === 0) return undefined
    return Math.min(new Set(siblings).size, available)
  } catch {
    return undefined
  }
}
