import { randomUUID } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { fileError, fileLabel } from '../../files/file-error.ts'
import type { SessionCalls, SessionFile } from '../../session/protocol.ts'
import { startThread, type Thread } from '../../threads/thread.ts'

/** A session's file and the thread that reads and writes it. */
export interface SessionThread {
  readonly id: string
  ask: Thread<SessionCalls>['ask']
  /**
   * Reads the file; a thread that does not answer is ended.
   * @throws LamellaError saying what is wrong with it
   */
  read(path: string): Promise<SessionFile>
  /** Lets the file go. */
  close(): Promise<void>
}

/** Whoever reads a file longer than this is held up by it, in ms. */
const longestReading = 20_000

/** @param entry the module that the thread runs */
export function startSession(entry: string): SessionThread {
  const thread = startThread<SessionCalls>(entry, {
    name: 'Lamella session',
    does: 'keeps the session'
  })
  return {
    id: randomUUID(),
    ask: (...call) => thread.ask(...call),
    async read(path) {
      const timer = setTimeout(() => thread.stop(), longestReading)
      try {
        return await thread.ask('read', { path })
      } catch (error) {
        if (!thread.hasStopped()) throw error
        throw new LamellaError(
          'file-invalid',
          `${fileLabel(path)}: could not be read within ${longestReading / 1000} s`,
          'Copy it to a quicker disk, if it is a session of Lamella.'
        )
      } finally {
        clearTimeout(timer)
      }
    },
    async close() {
      await thread.ask('close', null).catch(() => undefined)
      thread.stop()
    }
  }
}

/**
 * The one path that a session is known by: absolute, with the links of its folder resolved, and its own where it is one.
 * @throws LamellaError `not-found` when there is no such folder, or saying why no file can be called so
 */
export async function sessionPath(path: string): Promise<string> {
  const whole = resolve(path)
  if (whole.includes('\0'))
    throw new LamellaError('invalid-argument', `${fileLabel(whole)}: no file can be called so`)
  if (path.endsWith('/') || path.endsWith(sep))
    throw new LamellaError(
      'invalid-argument',
      `${fileLabel(path)}: is the name of a folder, for it ends in a slash`,
      'Add the name of the file.'
    )
  try {
    return await realpath(whole).catch(async (thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code === 'ENAMETOOLONG') throw fileError(whole, thrown)
      return join(await realpath(dirname(whole)), basename(whole))
    })
  } catch (thrown) {
    throw fileError(dirname(whole), thrown, dirname(whole))
  }
}
