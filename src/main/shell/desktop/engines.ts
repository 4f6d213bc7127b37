import { MessageChannelMain, type MessagePortMain } from 'electron'
import { engineEnvironment } from '../../engine/host.ts'
import type { WorkbenchMessage } from './messages.ts'
import { startUtility, type Utility } from './utility.ts'

/** The engine processes of one workbench, by the ids that it gave them. */
export interface Engines {
  start(id: number, exchange: string): void
  kill(id: number): void
  /** Ends all of them: their workbench is gone. */
  killAll(): void
}

/** @param tell tells the workbench, which gets a port to each engine and its end */
export function engineProcesses(
  entry: string,
  tell: (message: WorkbenchMessage, ports?: MessagePortMain[]) => void
): Engines {
  const running = new Map<number, Utility>()
  return {
    start(id, exchange) {
      const options = {
        serviceName: 'Lamella engine',
        env: { ...process.env, ...engineEnvironment }
      }
      const engine = startUtility(entry, [exchange], options, reason => {
        running.delete(id)
        tell({ type: 'engine-exit', id, reason })
      })
      running.set(id, engine)
      const { port1, port2 } = new MessageChannelMain()
      engine.process.postMessage(null, [port1])
      tell({ type: 'engine', id }, [port2])
      engine.process.once('spawn', () =>
        tell({ type: 'engine-spawned', id, pid: engine.process.pid })
      )
    },
    kill: id => running.get(id)?.kill(),
    killAll() {
      for (const engine of running.values()) engine.kill()
    }
  }
}
