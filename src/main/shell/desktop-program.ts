import { spawn } from 'node:child_process'
import { exitReason } from '../process/host.ts'
import { lastWords } from '../process/last-words.ts'

/** How Electron ended; `reason` is null when all was well. */
export interface DesktopEnd {
  readonly status: number
  readonly reason: string | null
  /** Whether it ended before there can have been a window. */
  readonly atOnce: boolean
}

/**
 * Runs the desktop until it is closed. What asks this program to end asks that one.
 * @param program Electron's
 * @param root Lamella's folder
 * @param startup the time in ms within which what ends in error could not start, for want of a library or a sandbox
 */
export async function runDesktop(
  program: string,
  root: string,
  startup = 5_000
): Promise<DesktopEnd> {
  const began = performance.now()
  // Listening before there is a desktop: it may be asked to end as soon as it has said that it is up.
  // Ctrl+C reaches every process of a terminal by itself.
  const wait = () => undefined
  const pass = (signal: NodeJS.Signals) => void desktop.kill(signal)
  process.on('SIGINT', wait)
  for (const signal of passed) process.on(signal, pass)
  const desktop = spawn(program, [root], { stdio: ['inherit', 'inherit', 'pipe'] })
  const said = lastWords(desktop.stderr)
  desktop.stderr.on('data', text => process.stderr.write(text as string))
  try {
    const { status, how } = await new Promise<{ status: number; how: string }>(resolve => {
      desktop.once('exit', (code, signal) =>
        resolve({
          status: code ?? 1,
          how: signal === null ? `exit code ${code}` : `signal ${signal}`
        })
      )
      desktop.once('error', ({ message }) => resolve({ status: 1, how: message }))
    })
    const reason = status === 0 ? null : exitReason(how, await said())
    return { status, reason, atOnce: performance.now() - began < startup }
  } finally {
    process.off('SIGINT', wait)
    for (const signal of passed) process.off(signal, pass)
  }
}

const passed = ['SIGTERM', 'SIGHUP'] as const
