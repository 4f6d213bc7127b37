import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const canary = join(tmpdir(), `lamella-canary-${process.pid}`)

/** A shell's command that leaves something to see, wherever it runs. */
export const command = `touch ${canary}`

/** Whether the command has run since this was asked last. */
export function commandRan(): boolean {
  const ran = existsSync(canary)
  rmSync(canary, { force: true })
  return ran
}
