import { fork } from 'node:child_process'
import { lastWords } from './last-words.ts'

/** The engine's process as its owner sees it. */
export interface EngineProcess {
  /** Undefined until it is known. */
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The reason is one line: a signal or an exit code, and what standard error said last. */
  onExit(listener: (reason: string) => void): void
  /** Ends it at once, also in the middle of a computation. */
  kill(): void
}

/** Starts engine processes; each shell has its way. */
export interface EngineHost {
  /** @param exchange the folder through which large tensors cross; null where there is none */
  spawn(exchange: string | null): EngineProcess
}

/**
 * What the engine's environment has beside its owner's. The runtime would tell its makers of each use, and
 * keep an id of the machine for it. Parts give large buffers back after each run and take them anew in the next;
 * glibc then asks for huge pages, which halves the time of a long text.
 */
export const engineEnvironment = {
  ORT_DISABLE_TELEMETRY: '1',
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1'
} as const

/**
 * An engine host for Node: a forked child that speaks structured clones, and ends with its parent because the pipe to
 * its standard input does.
 * @param environment variables beside its owner's, such as where a Vulkan driver lies
 */
export function forkEngine(
  entry: string,
  environment: Readonly<Record<string, string>> = {}
): EngineHost {
  return {
    spawn(exchange) {
      const child = fork(entry, [exchange ?? ''], {
        serialization: 'advanced',
        env: { ...process.env, ...engineEnvironment, ...environment },
        stdio: ['pipe', 'ignore', 'pipe', 'ipc']
      })
      const said = lastWords(child.stderr)
      return {
        pid: child.pid,
        send: message => {
          // One that has just died says so by its exit.
          if (child.connected) child.send(message as object, () => undefined)
        },
        onMessage: listener => child.on('message', listener),
        onExit: listener => {
          child.on('exit', (code, signal) => {
            const how = signal === null ? `exit code ${code}` : `signal ${signal}`
            void said().then(words => listener(exitReason(how, words)))
          })
          child.on('error', error => listener(error.message))
        },
        kill: () => child.kill('SIGKILL')
      }
    }
  }
}

/** Why a process ended, in one line. */
export function exitReason(how: string, said: string): string {
  return said === '' ? how : `${how}: ${said}`
}
