import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sessionWork } from '../../../src/main/session/work.ts'
import { exampleContent } from './example.ts'

/** Starts a program that saves, or holds the lock. */
export function startSaver(path: string, ...more: string[]) {
  const saver = spawn(process.execPath, [join(import.meta.dirname, 'saver.ts'), path, ...more], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  let said = ''
  saver.stdout.on('data', (text: Buffer) => (said += text.toString()))
  return {
    /** The last thing that it said in full. */
    last: () => said.split('\n').at(-2) ?? null,
    async speaks() {
      while (!said.includes('\n')) {
        if (saver.exitCode !== null) throw new Error(`the program ended with ${saver.exitCode}`)
        await Promise.race([once(saver.stdout, 'data'), once(saver, 'close')])
      }
    },
    async kill() {
      const closed = once(saver, 'close')
      saver.kill('SIGKILL')
      await closed
    }
  }
}

/**
 * Ends a program in the midst of saving.
 * @param wait so long after it has saved for the first time, in ms
 * @returns what is wrong with the session that it leaves; null where it is one of those that were saved, whole
 */
export async function killInTheMidst(path: string, wait: number): Promise<string | null> {
  const saver = startSaver(path)
  try {
    await saver.speaks()
    await delay(wait)
  } finally {
    await saver.kill()
  }
  const said = Number(saver.last())
  const work = sessionWork()
  try {
    const { content, notes } = await work.read({ path })
    const mark = Number((content.window as { tabs: string[] }).tabs[0])
    const { isWhole, damaged } = await work.check(null)
    const isContent = JSON.stringify(content) === JSON.stringify(exampleContent(String(mark)))
    if (mark !== said && mark !== said + 1) return `${mark} is there, ${said} was saved`
    if (!isContent || !isWhole || damaged.length > 0 || notes.length > 0) return 'it is damaged'
    return null
  } catch (error) {
    return String(error)
  } finally {
    await work.close(null)
  }
}
