import { fork } from 'node:child_process'

/** The engine's process as its owner sees it. */
export interface EngineProcess {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The reason is one line: a signal, an exit code, or the last line of standard error. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}

/** Starts engine processes; each shell has its way. */
export interface EngineHost {
  /** @param exchange the folder through which large tensors cross */
  spawn(exchange: string): EngineProcess
}

/**
 * What the engine's environment has beside its owner's. Its parts give large buffers back after each run
 * and take them anew in the next; glibc then asks for huge pages, which halves the time of a long text.
 */
export const engineEnvironment = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } as const

/**
 * An engine host for Node: a forked child that speaks structured clones.
 * @param environment variables beside its owner's, such as where a Vulkan driver lies
 */
export function forkEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {}
): EngineHost {
  return {
    spawn(exchange) {
      const child = fork(entry, [exchange], {
        serialization: 'advanced',
        env: { ...process.env, ...engineEnvironment, ...environment },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc']
      })
      let lastLine = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        lastLine = text.trim().split('\n').at(-1) ?? lastLine
      })
      return {
        pid: child.pid,
        send: message => {
          if (child.connected) child.send(message as object)
        },
        onMessage: listener => child.on('message', listener),
        onExit: listener => {
          child.on('exit', (code, signal) => {
            const how = signal === null ? `exit code ${code}` : `signal ${signal}`
            listener(lastLine === '' ? how : `${how}: ${lastLine}`)
          })
          child.on('error', error => listener(error.message))
        },
        kill: () => child.kill('SIGKILL')
      }
    }
  }
}
