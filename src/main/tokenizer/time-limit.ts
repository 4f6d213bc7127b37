import { createContext, Script, type Context } from 'node:vm'
import { LamellaError } from '#common/model/errors.ts'

/** Longest that one text may take to encode, in ms. */
export const encodingLimit = 1500

/** Longest that turning another format into a definition may take, in ms. */
export const definitionLimit = 1000

/** Longest that making a tokenizer of its definition may take, in ms. */
export const makingLimit = 3500

const script = new Script('work()')
let context: Context | undefined

/**
 * Runs a function and stops it when its time is up, inside a regular expression too: patterns come from
 * the model folder and may backtrack for ever. V8 checks for termination while it backtracks, so a
 * limit on the calling thread does what a worker would, without a second copy of the vocabulary.
 * @param milliseconds time allowed
 * @throws LamellaError with `what` when the time is up
 */
export function withinTime<T>(milliseconds: number, what: string, work: () => T): T {
  context ??= createContext({})
  context['work'] = work
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T
  } catch (thrown) {
    if ((thrown as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    throw new LamellaError('unsupported', `${what} was stopped after ${milliseconds / 1000} s`)
  } finally {
    context['work'] = undefined
  }
}
