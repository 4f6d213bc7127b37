import { MessageChannelMain, type MessagePortMain } from 'electron'
import { engineEnvironment } from '../../engine/host.ts'
import type { Paths } from '../paths.ts'
import type { ProcessKind, WorkbenchMessage } from './messages.ts'
import { startUtility, type Utility } from './utility.ts'

/** The processes of one workbench, by the ids that it gave them. */
export interface Processes {
  /** @param argument the one word that the process is given */
  start(kind: ProcessKind, id: number, argument: string): void
  kill(id: number): void
  /** Ends all of them: their workbench is gone. */
  killAll(): void
}

/** @param tell tells the workbench, which gets a port to each process and its end */
export function workbenchProcesses(
  { engineEntry, readerEntry }: Pick<Paths, 'engineEntry' | 'readerEntry'>,
  tell: (message: WorkbenchMessage, ports?: MessagePortMain[]) => void
): Processes {
  const running = new Map<number, Utility>()
  const kinds = {
    engine: {
      entry: engineEntry,
      serviceName: 'Lamella engine',
      env: { ...process.env, ...engineEnvironment }
    },
    reader: { entry: readerEntry, serviceName: 'Lamella reader' }
  }
  return {
    start(kind, id, argument) {
      const { entry, ...options } = kinds[kind]
      const utility = startUtility(entry, [argument], options, reason => {
        running.delete(id)
        tell({ type: 'process-exit', id, reason })
      })
      running.set(id, utility)
      const { port1, port2 } = new MessageChannelMain()
      utility.process.postMessage(null, [port1])
      tell({ type: 'process', id }, [port2])
      utility.process.once('spawn', () =>
        tell({ type: 'process-spawned', id, pid: utility.process.pid })
      )
    },
    kill: id => running.get(id)?.kill(),
    killAll() {
      for (const utility of running.values()) utility.kill()
    }
  }
}
