/** A process that notes what it does: for the test of answers. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { toLamellaError } from '#common/model/errors.ts'
import { answerCalls } from '../../../src/main/process/answers.ts'

/** What the calls of this process are. */
export interface NotedCalls {
  /** Takes a while. */
  work: { argument: string; result: null }
  /** Hears nothing once `blocks` is in a folder and until `go on` is there. */
  block: { argument: string; result: null }
  /** What was done so far, in order. */
  noted: { argument: null; result: readonly string[] }
}

const noted: string[] = []

/** Holds this thread, without computing, for some ms. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

answerCalls<NotedCalls>(
  {
    async work(name) {
      noted.push(`begun ${name}`)
      await setTimeout(20)
      noted.push(`done ${name}`)
      return null
    },
    async block(folder) {
      await setTimeout(20)
      writeFileSync(join(folder, 'blocks'), '')
      while (!existsSync(join(folder, 'go on'))) sleep(1)
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
