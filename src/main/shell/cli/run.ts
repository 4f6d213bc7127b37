import { CommanderError } from 'commander'
import { toLamellaError } from '#common/model/errors.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { type CommandLine, program } from './program.ts'

/**
 * Runs one command.
 * @returns the exit status: 0, 1 when it failed, 2 when it was used wrongly
 */
export async function runCommand(line: CommandLine, words: readonly string[]): Promise<number> {
  try {
    await program(line, words).parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said what is wrong; its own status is 1 for wrong usage and 0 for help asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const { message, hint } = toLamellaError(error)
    line.printError(`${visibleText(hint === undefined ? message : `${message} (${hint})`)}\n`)
    return 1
  }
}
