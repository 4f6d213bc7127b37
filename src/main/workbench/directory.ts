import { opendir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { visibleText } from '#common/text/visible-text.ts'
import type { DirectoryListing } from '#common/contract/schemas.ts'
import { isWeightsName } from '../checkpoint/weights-file.ts'
import { isModelFolder } from './model/model-folder.ts'

type Entry = DirectoryListing['entries'][number]

const mostEntries = 5000

/**
 * One folder for the folder browser: folders, files of weights and sessions, folders first, by name.
 * @throws LamellaError `not-found` or `file-unreadable` naming the folder
 */
export async function listDirectory(
  path: string | undefined,
  samplesFolder: string,
  signal: AbortSignal
): Promise<DirectoryListing> {
  const folder = resolve(path ?? homedir())
  const { root } = parse(folder)
  const folders: Entry[] = []
  const files: Entry[] = []
  let truncated = false
  try {
    for await (const entry of await opendir(folder)) {
      const { name } = entry
      signal.throwIfAborted()
      // Most files of a large folder are told apart without a look at each.
      if (name.startsWith('.') || (entry.isFile() && !isListed(name))) continue
      if (folders.length + files.length === mostEntries) {
        truncated = true
        break
      }
      const path = join(folder, name)
      const found = await stat(path).catch(() => null)
      const shown = visibleText(name)
      if (found?.isDirectory())
        folders.push({ name: shown, path, kind: (await isModelFolder(path)) ? 'model' : 'folder' })
      else if (found?.isFile() && isListed(name))
        files.push({ name: shown, path, kind: isSessionName(name) ? 'session' : 'model' })
    }
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(folder, error)
  }
  const byName = (a: Entry, b: Entry) => a.name.localeCompare(b.name, 'en', { numeric: true })
  return {
    path: folder,
    parent: folder === root ? null : dirname(folder),
    entries: [...folders.sort(byName), ...files.sort(byName)],
    truncated,
    places: [
      { name: 'Home', path: homedir() },
      { name: 'Samples', path: samplesFolder },
      { name: 'Computer', path: root }
    ]
  }
}

function isListed(name: string): boolean {
  return isWeightsName(name) || isSessionName(name)
}

/** As the window names what it saves. */
function isSessionName(name: string): boolean {
  return /\.lamella$/i.test(name)
}

function unreadable(folder: string, error: unknown): LamellaError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new LamellaError('not-found', `${folder}: no such folder`)
  if (code === 'ENOTDIR') return new LamellaError('file-unreadable', `${folder}: is a file`)
  return new LamellaError('file-unreadable', `${folder}: cannot be listed (${code ?? 'unknown'})`)
}
