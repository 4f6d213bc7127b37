import { pathWithin, separatorOf } from '../crumbs.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** The path of a session that is called so in a folder of any system; an absolute path is taken as it is. */
export function pathIn(folder: string, name: string): string {
  const typed = name.trim()
  const named = /\.lamella$/i.test(typed) ? typed : `${typed}.lamella`
  return /^([A-Za-z]:)?[\\/]/.test(typed) ? named : pathWithin(folder, named)
}

/** The folder that a path of any system is in. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf(separatorOf(path))
  return at <= 0 ? path.slice(0, at + 1) : path.slice(0, at)
}

/** What a session is called that was never saved. */
export function suggestedName(model: string | null): string {
  const name = firstLetters((model ?? '').replace(/[\\/:*?"<>|\u0000-\u001f]/g, ' ').trim(), 80)
  return name === '' ? 'Session' : name
}
