import { toLamellaError, LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { deepest } from '#common/model/json.ts'
import { SessionContent, sessionLimits } from '#common/model/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { fileLabel, invalidFile, printable } from '../files/file-error.ts'
import { parseJson } from '../files/json-file.ts'
import { datasetFrom } from './dataset-row.ts'
import { broughtForward } from './bring-forward.ts'
import { backupOf, type EarlierFormat, earlierFormats, tablesBefore } from './earlier-formats.ts'
import { checkFirstPage } from './first-page.ts'
import { checksumOf, formatVersion, pageBytes, tables, type Row, type Table } from './format.ts'
import type { KeptValue, Saved, SessionFile } from './protocol.ts'
import { SavedAbout } from './saved-about.ts'
import { storedSession, type StoredSession } from './stored-session.ts'
import { textsFrom, textsKey, textsPath, type KeptTexts } from './text-rows.ts'
import { valueFrom, valueKey, valueOf } from './value-rows.ts'

/** What is read of a session's file as it is opened, and what is looked up in it afterwards. */
export interface ReadSession extends Pick<
  SessionFile,
  'saved' | 'content' | 'models' | 'runs' | 'notes'
> {
  readonly stored: StoredSession
}

/**
 * Reads a session's file.
 * @param bytes all of it
 * @throws LamellaError `file-invalid` or `unsupported`, saying what is wrong: what a person made is there whole or not at all
 */
export function readSession(
  bytes: Buffer,
  label: string,
  earlier: readonly EarlierFormat[] = earlierFormats
): ReadSession {
  const version = checkFirstPage(bytes.subarray(0, pageBytes), bytes.length, label, earlier)
  let stored: StoredSession
  try {
    const before = tablesBefore(version, earlier)
    stored =
      version === formatVersion || before === null
        ? storedSession(bytes)
        : broughtForward(storedSession(bytes, before), version, earlier)
  } catch (error) {
    throw damaged(label, (error as Error).message)
  }
  try {
    const { notes, ...own } = contentOf(stored, label, bytes.length)
    const older =
      version === formatVersion
        ? []
        : [
            `${fileLabel(label)}: was saved by an earlier Lamella; once it is saved here it stays as ${fileLabel(backupOf(label, version))} beside`
          ]
    return { stored, ...own, notes: [...older, ...notes] }
  } catch (error) {
    stored.close()
    throw error instanceof LamellaError ? error : damaged(label, (error as Error).message)
  }
}

/**
 * A value of a run, or a slice of its first axis; null where none is kept, or it is damaged.
 * @throws LamellaError `invalid-argument` when the axis has no such index
 */
export function valueIn(
  stored: StoredSession,
  run: string,
  hook: string,
  index?: number
): KeptValue | null {
  try {
    return valueFrom(slice => soundRow(stored, 'trace_values', valueKey(run, hook, slice)), index)
  } catch (error) {
    if (error instanceof LamellaError) throw error
    return null
  }
}

/** A dataset; null where none is kept, or it is damaged. */
export function resultIn(stored: StoredSession, key: string): Dataset | null {
  const row = soundRow(stored, 'results', key)
  try {
    return row === null ? null : datasetFrom(row)
  } catch {
    return null
  }
}

/** The paths of corpora whose texts are kept, as far as they may be read, and how many more there are. */
export function textPathsIn(stored: StoredSession): {
  readonly paths: readonly string[]
  readonly left: number
} {
  let bytes = 0
  const all = stored.keys('content').flatMap(key => {
    const path = textsPath(key)
    return path === null ? [] : [{ key, path }]
  })
  const read = all.slice(0, sessionLimits.library).filter(({ key }) => {
    bytes += stored.sizeOf('content', key)
    return bytes <= mostRowBytes
  })
  return { paths: read.map(({ path }) => path), left: all.length - read.length }
}

/** The texts of a path, and a digest of them; null where none are kept, or they are damaged. */
export function textsIn(
  stored: StoredSession,
  path: string
): { readonly texts: KeptTexts; readonly digest: string } | null {
  const key = textsKey(path)
  const row = stored.sizeOf('content', key) > mostRowBytes ? null : soundRow(stored, 'content', key)
  try {
    if (row === null) return null
    return { texts: textsFrom(row), digest: checksumOf('content', row).toString('hex') }
  } catch {
    return null
  }
}

/** The row of a key; null where there is none, or it is damaged. */
export function soundRow(stored: StoredSession, table: Table, key: string): Row | null {
  const found = stored.row(table, key)
  return found === 'damaged' ? null : found
}

/** Reads every row: how many there are, and which are not what was written. */
export function checkRows(stored: StoredSession): {
  readonly rows: number
  readonly damaged: readonly string[]
} {
  const keys = tables.flatMap(table => stored.keys(table).map(key => ({ table, key })))
  const unsound = keys.filter(({ table, key }) => !isSound(stored, table, key))
  return {
    rows: keys.length,
    damaged: unsound.map(({ table, key }) => `${table}: ${printable(key)}`)
  }
}

/** Whether a row is what was written, and can be read as what it is. */
function isSound(stored: StoredSession, table: Table, key: string): boolean {
  if (soundRow(stored, table, key) === null) return false
  if (table === 'results') return resultIn(stored, key) !== null
  const path = table === 'content' ? textsPath(key) : null
  if (path !== null) return textsIn(stored, path) !== null
  const value = table === 'trace_values' ? valueOf(key) : null
  return value === null || valueIn(stored, value.run, value.hook) !== null
}

/** Whoever takes them in looks for each model on this machine, and holds one of each run and of what each result was asked. */
export const mostRead = {
  models: 200,
  runs: sessionLimits.runs,
  results: sessionLimits.results
} as const

/** What a person made takes at most, in letters: what is told with defaults is longer than it was sent. */
const mostContent = 2 * sessionLimits.characters

/**
 * What one of them takes at most, for it is taken in at once: room for a model of half a million tensors. So much may all
 * texts of corpora take, twice what is ever kept of them.
 */
const mostRowBytes = 2 ** 26

function damaged(label: string, how: string): LamellaError {
  const hint = 'Take a copy of it from before, if there is one. It is left as it is.'
  return invalidFile(label, `is damaged: ${how}`, hint)
}

function contentOf(
  stored: StoredSession,
  label: string,
  bytes: number
): Pick<SessionFile, 'saved' | 'content' | 'models' | 'runs' | 'notes'> {
  const notes: string[] = []
  const about = stored.row('meta', 'saved')
  if (about === null || about === 'damaged') throw damaged(label, 'it does not say what wrote it')
  const told = SavedAbout.safeParse(JSON.parse(about.about), { reportInput: true })
  if (!told.success) throw damaged(label, firstFault(told.error, ['saved']))
  const saved: Saved = { ...told.data, bytes }
  let letters = 0
  const parts = Object.keys(SessionContent.shape).map(part => {
    const isLarge = stored.sizeOf('content', part) > mostRowBytes
    const row = isLarge ? 'damaged' : stored.row('content', part)
    if (row === null || row === 'damaged')
      throw damaged(label, `its ${part} are not what was saved`)
    letters += Buffer.from(row.bytes).toString().length
    if (letters > mostContent)
      throw damaged(label, 'what it says was made in it is more than any session holds')
    return [part, jsonIn(row, label)]
  })
  const content = SessionContent.safeParse(Object.fromEntries(parts), { reportInput: true })
  if (!content.success) throw damaged(label, firstFault(content.error))
  const read = (table: keyof typeof mostRead) => {
    const keys = stored.keys(table)
    const most = mostRead[table]
    if (keys.length > most)
      notes.push(
        `${fileLabel(label)}: keeps ${keys.length} ${table}, and no session has more than ${most}: the others are left out`
      )
    return keys.slice(0, most)
  }
  const texts = (table: 'models' | 'runs') =>
    read(table).flatMap(key => {
      const row = stored.sizeOf(table, key) > mostRowBytes ? 'damaged' : stored.row(table, key)
      if (row === null || row === 'damaged') {
        notes.push(`${fileLabel(label)}: one of its ${table} is damaged, and is left out`)
        return []
      }
      return [Buffer.from(row.bytes).toString()]
    })
  const models = texts('models')
  const runs = texts('runs')
  read('results')
  const { left } = textPathsIn(stored)
  if (left > 0)
    notes.push(
      `${fileLabel(label)}: keeps more texts of corpora than any session: those of ${left} are left out`
    )
  if (!stored.isWhole)
    notes.push(
      `${fileLabel(label)}: is damaged; what is shown is as it was saved, but some of the numbers that it kept may be gone`
    )
  return { saved, content: content.data, models, runs, notes }
}

/** What is nested without end is not built: that would take as long. How deep each member may be is looked at then. */
function jsonIn({ key, bytes }: Row, label: string): unknown {
  try {
    return parseJson(bytes, `${key}:`, { depthLimit: 2 * deepest })
  } catch (error) {
    throw damaged(label, toLamellaError(error).message)
  }
}
