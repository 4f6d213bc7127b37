import type { MessagePortMain } from 'electron'
import type { PathWish } from '#common/contract/path-wish.ts'
import type { Paths } from '../paths.ts'
import { workbenchProcesses } from './processes.ts'
import type { MainMessage, WorkbenchMessage } from './messages.ts'
import { startUtility } from './utility.ts'

/** The desktop's workbench: a utility process that is started again when it dies. */
export interface WorkbenchProcess {
  /** Resolves when there is a workbench that answers: the present one, or the one that takes its place. */
  ready(): Promise<void>
  /** Hands the present workbench a window's port; closes it where there is none. */
  connect(port: MessagePortMain): void
  /** Lets the workbench close what is open, and ends it when that takes too long. */
  close(): Promise<void>
}

export interface WorkbenchProcessOptions {
  readonly paths: Pick<Paths, 'workbenchEntry' | 'engineEntry' | 'readerEntry'>
  readonly choosePath: (wish: PathWish) => Promise<string | null>
  /** Asks what to do about a workbench that dies again and again; true starts another. */
  readonly startsAgain: (reason: string) => Promise<boolean>
}

/** A workbench that dies more often within a minute is not started again without asking. */
const mostDeaths = 3
const minute = 60_000

/** How long a workbench may take to close, in ms. */
const closingTime = 5_000

/** A workbench's process while it is there. */
interface Present {
  tell(message: WorkbenchMessage, ports?: MessagePortMain[]): void
  kill(): void
}

export function startWorkbenchProcess(options: WorkbenchProcessOptions): WorkbenchProcess {
  const { paths, choosePath, startsAgain } = options
  const ended = Promise.withResolvers<void>()
  let ready = Promise.withResolvers<void>()
  let present: Present | null = null
  let hasAnswered = false
  let isClosing = false
  let deaths: number[] = []

  function start(): void {
    const utility = startUtility(
      paths.workbenchEntry,
      [],
      { serviceName: 'Lamella workbench' },
      reason => void replace(reason)
    )
    const child = utility.process
    child.stderr?.on('data', text => process.stderr.write(text as string))
    const own: Present = {
      kill: () => utility.kill(),
      tell(message, ports = []) {
        if (present === own) child.postMessage(message, ports)
        else for (const port of ports) port.close()
      }
    }
    present = own
    const processes = workbenchProcesses(paths, (message, ports) => own.tell(message, ports))
    // At once: a message to a process that has exited can end this one.
    child.once('exit', () => {
      present = null
      processes.killAll()
    })
    child.on('message', (message: MainMessage) => {
      if (message.type === 'ready') {
        hasAnswered = true
        ready.resolve()
      } else if (message.type === 'start-process')
        processes.start(message.kind, message.id, message.argument)
      else if (message.type === 'kill-process') processes.kill(message.id)
      else
        void choosePath(message.wish).then(path =>
          own.tell({ type: 'chosen', id: message.id, path })
        )
    })
  }

  /** Starts another workbench in place of one that ended. */
  async function replace(reason: string): Promise<void> {
    if (hasAnswered) ready = Promise.withResolvers()
    hasAnswered = false
    const now = Date.now()
    deaths = [...deaths.filter(time => now - time < minute), now]
    if (deaths.length > mostDeaths && !isClosing) {
      if (!(await startsAgain(reason))) isClosing = true
      deaths = []
    }
    if (isClosing) ended.resolve()
    else start()
  }

  start()
  return {
    ready: () => ready.promise,
    connect(port) {
      if (present === null) port.close()
      else present.tell({ type: 'window' }, [port])
    },
    async close() {
      isClosing = true
      if (present === null) return
      present.tell({ type: 'close' })
      const timer = setTimeout(() => present?.kill(), closingTime)
      await ended.promise
      clearTimeout(timer)
    }
  }
}
