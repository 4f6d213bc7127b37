import { sessionFigures } from '../figure/panels/session-figure.ts'
import { lastPart } from '../text/last-part.ts'
import { visibleText } from '../text/visible-text.ts'
import { folderName } from './model-blocks.ts'
import { mono, type Span } from './report-document.ts'
import type { ReportedSession } from './reported-session.ts'

type Named = Pick<ReportedSession, 'content' | 'models'>

/**
 * What a tab is set to. Figures and models have their names there; a folder is not told beyond its own, for where it lies is nobody
 * else's; an id of what has no name, such as of a run, says nothing and is left out.
 */
export function optionSpans(
  session: Named,
  options: Readonly<Record<string, unknown>>
): readonly Span[] {
  const names = namesOf(session)
  const told = Object.entries(options).flatMap(([key, value]) => {
    const own = named(value, names, key)
    return own === null ? [] : [`${key}=${JSON.stringify(own)}`]
  })
  return told.length === 0 ? [] : [mono(visibleText(told.join(' ')))]
}

interface Names {
  /** Of figures, which are told by their id alone. */
  readonly byId: ReadonlyMap<string, string>
  /** Of models, whose paths stand in texts, too. */
  readonly byPath: ReadonlyMap<string, string>
}

function namesOf(session: Named): Names {
  const { content, models } = session
  const paths = models.map(({ info }) => info.path).filter(path => path !== '')
  return {
    byId: new Map(sessionFigures(content.figures).map(({ id, name }) => [id, name])),
    byPath: new Map(paths.map(path => [path, folderName(session, path)]))
  }
}

/** @returns null of nothing, and of an id without a name */
function named(value: unknown, names: Names, key = ''): unknown {
  if (typeof value === 'string') return namedText(value, names, key)
  if (Array.isArray(value)) {
    const own = value.map(each => named(each, names, key)).filter(each => each !== null)
    return own.length === 0 && value.length > 0 ? null : own
  }
  if (typeof value !== 'object' || value === null) return value ?? null
  const own = Object.entries(value).map(([key, of]) => [key, named(of, names, key)] as const)
  return Object.fromEntries(own.filter(([, of]) => of !== null))
}

function namedText(text: string, { byId, byPath }: Names, key: string): string | null {
  const name = byId.get(text) ?? byPath.get(text)
  if (name !== undefined) return name
  if (uuid.test(text)) return null
  if (ofFolders.has(key)) return lastPart(text)
  // What was asked of a model names it by its path.
  if (byPath.size === 0) return text
  const longestFirst = [...byPath.keys()].toSorted((a, b) => b.length - a.length).map(RegExp.escape)
  const whole = new RegExp(`(?<!${inName})(?:${longestFirst.join('|')})(?!${inName})`, 'gu')
  return text.replaceAll(whole, of => byPath.get(of)!)
}

/** With this before or after it a path is part of another one. */
const inName = String.raw`[\p{L}\p{N}._-]`
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
/** What options that are paths are called. */
const ofFolders: ReadonlySet<string> = new Set(['path', 'file', 'folder', 'folders'])
