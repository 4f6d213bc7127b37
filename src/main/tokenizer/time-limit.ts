import { createContext, Script, type Context } from 'node:vm'
import { LamellaError } from '#common/model/errors.ts'

/** Longest that one text may take to encode, in ms. */
export const encodingLimit = 1500

/** Longest that turning another format into a definition may take. */
export const definitionLimit = 1000

/** Longest that making what reads texts out of a definition may take. */
export const makingLimit = 3500

const script = new Script('work()')
let context: Context | undefined

/**
 * Runs a function and stops it when its time is up, inside a regular expression too: patterns come from
 * the model folder and may backtrack for ever. V8 checks for termination while it backtracks, so a
 * limit on the calling thread does what a worker would, without a second copy of the vocabulary. V8's limit is by
 * the clock: work that has had the processor for less than half of its time when that runs out is begun again with twice as
 * long by the clock.
 * @param milliseconds allowed; of a processor's time at least half of them are had
 * @param work may be stopped anywhere and begun again
 * @param hint what to do then
 * @throws LamellaError with `what` when the time is up
 */
export function withinTime<T>(
  milliseconds: number,
  what: string,
  work: () => T,
  hint = 'Its patterns or pieces take too long. Give token ids, or a shorter text.'
): T {
  context ??= createContext({})
  context['work'] = work
  try {
    for (let timeout = milliseconds; ; timeout *= 2) {
      const begun = threadTime()
      try {
        return script.runInContext(context, { timeout }) as T
      } catch (thrown) {
        const { code } = (thrown ?? {}) as { code?: unknown }
        if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
      }
      if (threadTime() - begun >= milliseconds / 2)
        throw new LamellaError(
          'unsupported',
          `${what} was stopped after ${milliseconds / 1000} s`,
          hint
        )
    }
  } finally {
    context['work'] = undefined
  }
}

/** Processor time of this thread, in ms. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
