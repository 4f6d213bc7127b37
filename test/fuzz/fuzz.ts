import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCase } from './case.ts'
import type { WorkerMessage, WorkerOptions } from './messages.ts'
import { writeOutside } from './outside.ts'
import { randomFrom } from './random.ts'
import { targets } from './targets.ts'

export interface FuzzOptions {
  readonly target: string
  readonly seed: number
  readonly seconds: number
  /** The case to begin with; the first when left out. */
  readonly from?: number
  readonly count?: number
  /** Longest that a case may take, in ms. */
  readonly caseLimit?: number
}

export interface Finding {
  readonly index: number
  readonly what: string
  readonly detail: string
  /** Folder that holds the case. */
  readonly kept: string
}

export interface FuzzResult {
  readonly cases: number
  readonly refused: number
  readonly seconds: number
  readonly findings: readonly Finding[]
}

const usualCaseLimit = 5000

/** How much longer a case may take when it is read again: it may be the machine that had no time. */
const patient = 10

/** Findings after which a target is left. */
const findingLimit = 10

/** Runs a target's cases in processes of their own, a new one whenever one has died. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { target, seed, from = 0, count = Infinity, caseLimit = usualCaseLimit } = options
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lamella-fuzz-')))
  writeOutside(join(folder, 'outside'))
  const begin = performance.now()
  const end = begin + options.seconds * 1000
  const findings = new Map<string, Finding>()
  /** A case that did not end in time, and is read once more, with more of it. */
  let late = -1
  let cases = 0
  let refused = 0
  for (let next = from; next < from + count && performance.now() < end;) {
    const seconds = (end - performance.now()) / 1000
    const left = Math.min(from + count - next, Number.MAX_SAFE_INTEGER)
    const isAgain = next === late
    const work = { target, seed, from: next, count: isAgain ? 1 : left, seconds, folder }
    const ended = await runWorker(work, isAgain ? patient * caseLimit : caseLimit, message => {
      if (message.kind === 'end') {
        cases++
        if (message.refused) refused++
      } else if (message.kind === 'finding') keep(message.index, message.what, message.detail)
      return findings.size < findingLimit
    })
    if (ended.fault === null) {
      if (!isAgain) break
      next++
      continue
    }
    if (ended.isLate && !isAgain) {
      next = late = ended.index
      continue
    }
    if (ended.index < 0) throw new Error(`the reading process did not start: ${ended.output}`)
    cases++
    keep(ended.index, ended.fault, ended.output)
    next = ended.index + 1
  }
  rmSync(folder, { recursive: true, force: true })
  const seconds = (performance.now() - begin) / 1000
  return { cases, refused, seconds, findings: [...findings.values()] }

  /** The same fault is found again and again: one case of it will do. */
  function keep(index: number, what: string, detail: string): void {
    const signature = `${what} ${detail.split('\n').slice(0, 2).join(' ').replace(/\d+/g, '#')}`
    if (findings.has(signature)) return
    const kept = join(tmpdir(), 'lamella-fuzz-findings', `${target}-${seed}-${index}`)
    mkdirSync(kept, { recursive: true })
    writeCase(kept, targets.get(target)!.make(randomFrom(`${seed}/${target}/${index}`)))
    findings.set(signature, { index, what, detail, kept })
  }
}

type CaseMessage = Extract<WorkerMessage, { kind: 'end' | 'finding' }> & { readonly index: number }

interface WorkerEnd {
  /** The case that was being read; −1 before the first. */
  readonly index: number
  /** Null when it ended by itself and in order. */
  readonly fault: string | null
  /** Whether a case took longer than it may. */
  readonly isLate: boolean
  readonly output: string
}

/**
 * @param caseLimit in ms
 * @param heed is told what happens; the process is ended when it gives false
 */
function runWorker(
  options: WorkerOptions,
  caseLimit: number,
  heed: (message: CaseMessage) => boolean
): Promise<WorkerEnd> {
  const worker = startWorker(options)
  let index = -1
  let fault: string | null = 'the process died'
  let isLate = false
  let output = ''
  let timer: NodeJS.Timeout | undefined
  const stop = (reason: string | null): void => {
    fault = reason
    worker.kill('SIGKILL')
  }
  worker.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  })
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'begin') {
      ;({ index } = message)
      clearTimeout(timer)
      timer = setTimeout(() => {
        isLate = true
        stop(`no end after ${caseLimit / 1000} s`)
      }, caseLimit)
    } else if (message.kind === 'done') {
      clearTimeout(timer)
      fault = null
    } else if (!heed({ ...message, index })) stop(null)
  })
  return new Promise(resolve => {
    worker.on('close', () => {
      clearTimeout(timer)
      resolve({ index, fault, isLate, output: output.trim() })
    })
  })
}

/** A process that may start no other and load no native code; links can be made only with all of the disk. */
function startWorker(options: WorkerOptions): ChildProcess {
  return fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(options)], {
    execArgv: [
      ...['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--max-old-space-size=768']
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
}
