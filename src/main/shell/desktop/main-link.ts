import type { MessagePortMain, ParentPort } from 'electron'
import type { PathWish } from '#common/contract/path-wish.ts'
import type { ProcessHost } from '../../process/host.ts'
import type { MainMessage, ProcessKind, WorkbenchMessage } from './messages.ts'

/** What Electron's main process does for the workbench's. */
export interface MainLink {
  readonly engine: ProcessHost
  readonly reader: ProcessHost
  choosePath(wish: PathWish): Promise<string | null>
  /** Says that the workbench answers. */
  ready(): void
  onWindow(listener: (port: MessagePortMain) => void): void
  onClose(listener: () => void): void
}

/** A process that main was asked for. */
interface AskedProcess {
  readonly port: PromiseWithResolvers<MessagePortMain>
  pid: number | undefined
  readonly exitListeners: ((reason: string) => void)[]
}

export function connectMain(parentPort: ParentPort): MainLink {
  const processes = new Map<number, AskedProcess>()
  const choosing = new Map<number, (path: string | null) => void>()
  const windowListeners: ((port: MessagePortMain) => void)[] = []
  const closeListeners: (() => void)[] = []
  let nextId = 0
  const tell = (message: MainMessage) => parentPort.postMessage(message)

  parentPort.on('message', event => {
    const message = event.data as WorkbenchMessage
    const [port] = event.ports
    if (message.type === 'window') for (const listener of windowListeners) listener(port!)
    else if (message.type === 'close') for (const listener of closeListeners) listener()
    else if (message.type === 'chosen') {
      choosing.get(message.id)?.(message.path)
      choosing.delete(message.id)
    } else {
      const asked = processes.get(message.id)
      if (asked === undefined) return
      if (message.type === 'process') asked.port.resolve(port!)
      else if (message.type === 'process-spawned') asked.pid = message.pid
      else {
        processes.delete(message.id)
        for (const listener of asked.exitListeners) listener(message.reason)
      }
    }
  })

  const hostOf = (kind: ProcessKind): ProcessHost => ({
    spawn(argument) {
      const id = nextId++
      const asked: AskedProcess = {
        port: Promise.withResolvers(),
        pid: undefined,
        exitListeners: []
      }
      processes.set(id, asked)
      tell({ type: 'start-process', kind, id, argument })
      // What is sent before the port comes waits for it, in order.
      const withPort = (use: (port: MessagePortMain) => void) => void asked.port.promise.then(use)
      return {
        get pid() {
          return asked.pid
        },
        send: message => withPort(port => port.postMessage(message)),
        onMessage: listener =>
          withPort(port => {
            port.on('message', ({ data }) => listener(data))
            port.start()
          }),
        onExit: listener => asked.exitListeners.push(listener),
        kill: () => tell({ type: 'kill-process', id })
      }
    }
  })

  return {
    engine: hostOf('engine'),
    reader: hostOf('reader'),
    choosePath(wish) {
      const id = nextId++
      tell({ type: 'choose', id, wish })
      return new Promise(resolve => choosing.set(id, resolve))
    },
    ready: () => tell({ type: 'ready' }),
    onWindow: listener => windowListeners.push(listener),
    onClose: listener => closeListeners.push(listener)
  }
}
