import { visibleText } from '#common/text/visible-text.ts'

export interface Crumb {
  readonly name: string
  readonly path: string
}

/** A path of any system as the folders that lead to it, the root first. */
export function crumbs(path: string): Crumb[] {
  const separator = separatorOf(path)
  const parts = path.split(separator).filter(Boolean)
  const trail: Crumb[] = []
  let at = ''
  if (separator === '/') trail.push({ name: '/', path: '/' })
  for (const part of parts) {
    at = separator === '/' ? `${at}/${part}` : at === '' ? part : `${at}\\${part}`
    // A drive alone is a place only with its separator.
    trail.push({ name: visibleText(part), path: /^[A-Za-z]:$/.test(at) ? `${at}\\` : at })
  }
  return path === '' ? [] : trail
}

/** What stands between the folders of a path of any system. */
export function separatorOf(path: string): string {
  return path.includes('\\') && !path.startsWith('/') ? '\\' : '/'
}

/** The path of something that is called so in a folder of any system. */
export function pathWithin(folder: string, name: string): string {
  const separator = separatorOf(folder)
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`
}
