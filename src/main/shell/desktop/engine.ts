import { utilityProcess } from 'electron'
import type { EngineHost } from '../../engine/host.ts'

/** An engine host for Electron: a utility process. */
export function utilityEngine(entry: string): EngineHost {
  return {
    spawn(exchange) {
      const child = utilityProcess.fork(entry, [exchange], {
        serviceName: 'Lamella engine',
        stdio: ['ignore', 'ignore', 'pipe']
      })
      let lastLine = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        lastLine = chunk.toString().trim().split('\n').at(-1) ?? lastLine
      })
      return {
        get pid() {
          return child.pid
        },
        send: message => child.postMessage(message),
        onMessage: listener => child.on('message', listener),
        onExit: listener =>
          child.on('exit', code =>
            listener(lastLine === '' ? `exit code ${code}` : `exit code ${code}: ${lastLine}`)
          ),
        kill: () => {
          // The engine blocks its thread while it computes; only this signal does not wait for it.
          try {
            if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
          } catch {
            child.kill()
          }
        }
      }
    }
  }
}
