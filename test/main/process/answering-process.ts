/** A process that notes what it does: for the test of answers. */
import { setTimeout } from 'node:timers/promises'
import { toLamellaError } from '#common/model/errors.ts'
import { answerCalls } from '../../../src/main/process/answers.ts'

/** What the calls of this process are. */
export interface NotedCalls {
  /** Takes a while. */
  work: { argument: string; result: null }
  /** Takes a while, during the most of which nothing is heard. */
  block: { argument: null; result: null }
  /** What was done so far, in order. */
  noted: { argument: null; result: readonly string[] }
}

const noted: string[] = []

answerCalls<NotedCalls>(
  {
    async work(name) {
      noted.push(`begun ${name}`)
      await setTimeout(20)
      noted.push(`done ${name}`)
      return null
    },
    async block() {
      await setTimeout(20)
      for (const until = performance.now() + 200; performance.now() < until;);
      return null
    },
    noted: () => Promise.resolve([...noted])
  },
  {
    toError: toLamellaError,
    discard({ argument }) {
      noted.push(`left ${argument}`)
      return Promise.resolve()
    }
  }
)
