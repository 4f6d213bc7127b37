import { fork } from 'node:child_process'
import { lastWords } from './last-words.ts'

/** A process that may die, as its owner sees it. */
export interface HostedProcess {
  /** Undefined until it is known. */
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The reason is one line: a signal or an exit code, and what standard error said last. */
  onExit(listener: (reason: string) => void): void
  /** Ends it at once, also in the middle of a computation. */
  kill(): void
}

/** Starts processes of one kind; each shell has its way. */
export interface ProcessHost {
  /** @param argument the one word that the process is given */
  spawn(argument: string): HostedProcess
}

/**
 * A host for Node: a forked child that speaks structured clones, and ends with its parent because the pipe to
 * its standard input does.
 * @param environment variables beside its owner's, such as where a Vulkan driver lies
 */
export function forkProcess(
  entry: string,
  environment: Readonly<Record<string, string>> = {}
): ProcessHost {
  return {
    spawn(argument) {
      const child = fork(entry, [argument], {
        serialization: 'advanced',
        env: { ...process.env, ...environment },
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
