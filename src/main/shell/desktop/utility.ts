import { type UtilityProcess, utilityProcess } from 'electron'
import { exitReason } from '../../process/host.ts'
import { lastWords } from '../../process/last-words.ts'

/** A utility process that runs a module of Lamella's. */
export interface Utility {
  readonly process: UtilityProcess
  /** Ends it at once: it may be computing, and only SIGKILL does not wait for that. */
  kill(): void
}

/**
 * Starts a utility process.
 * @param onExit gets why it ended, in one line, once it has
 */
export function startUtility(
  entry: string,
  words: readonly string[],
  options: { readonly serviceName: string; readonly env?: NodeJS.ProcessEnv },
  onExit: (reason: string) => void
): Utility {
  const child = utilityProcess.fork(entry, [...words], {
    ...options,
    stdio: ['ignore', 'inherit', 'pipe']
  })
  const said = lastWords(child.stderr)
  child.once('exit', code => {
    void said().then(words => onExit(exitReason(`exit code ${code}`, words)))
  })
  return {
    process: child,
    kill() {
      const kill = () => {
        try {
          process.kill(child.pid!, 'SIGKILL')
        } catch {
          child.kill()
        }
      }
      // One that has not spawned yet has no id and cannot be killed.
      if (child.pid === undefined) child.once('spawn', kill)
      else kill()
    }
  }
}
