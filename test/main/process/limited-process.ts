/** A process that takes what it is asked to take, up to its limits. */
import { setTimeout } from 'node:timers/promises'
import { toLamellaError } from '#common/model/errors.ts'
import { answerCalls } from '../../../src/main/process/answers.ts'
import { processorTime } from '../../../src/main/process/watch.ts'

/** What the calls of this process are; `allowed` is the processor time that a call may take, in ms. */
export interface TakingCalls {
  /** Holds some bytes, for some ms. */
  hold: {
    argument: { readonly allowed: number; readonly bytes: number; readonly ms: number }
    result: null
  }
  /** Takes processor time, in ms. */
  compute: { argument: { readonly allowed: number; readonly ms: number }; result: null }
  /** The same, once it has answered. */
  computeAfterwards: { argument: { readonly allowed: number; readonly ms: number }; result: null }
}

function compute(ms: number): void {
  for (const until = processorTime() + ms; processorTime() < until;);
}

answerCalls<TakingCalls>(
  {
    async hold({ bytes, ms }) {
      const held = Buffer.alloc(bytes, 1)
      await setTimeout(ms)
      held.fill(2)
      return null
    },
    compute({ ms }) {
      compute(ms)
      return Promise.resolve(null)
    },
    computeAfterwards({ ms }) {
      setImmediate(compute, ms)
      return Promise.resolve(null)
    }
  },
  {
    limits: {
      memory: Number(process.argv[2]),
      time: ({ argument }) => ({ processor: argument.allowed, clock: Infinity })
    },
    toError: toLamellaError
  }
)
