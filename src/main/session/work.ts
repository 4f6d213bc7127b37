import { lstat } from 'node:fs/promises'
import { toLamellaError, LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { SessionContent } from '#common/model/session.ts'
import { beginWholeFile, type WholeFile } from '../export/whole-file.ts'
import { fileLabel, invalidFile, printable } from '../files/file-error.ts'
import { namedFile } from '../files/folder.ts'
import { markOf } from '../files/known-file.ts'
import { readExactly, withFile } from '../files/open-file.ts'
import { writeError } from '../files/write-error.ts'
import type { Work } from '../threads/answer.ts'
import { datasetFrom, datasetRow, requestOf } from './dataset-row.ts'
import { checkFirstPage, versionOf } from './first-page.ts'
import { mostFileBytes, pageBytes, tables, type Row, type Table } from './format.ts'
import { lockSession, type SessionLock } from './lock.ts'
import type { Saved, SessionCalls, SessionFile } from './protocol.ts'
import { createSessionWriter, type SessionWriter } from './session-writer.ts'
import { storedSession, type StoredSession } from './stored-session.ts'
import { SavedAbout } from './saved-about.ts'
import { valueFrom, valueKey, valueOf, valueRows } from './value-rows.ts'

/** All that is done with the file of one session. */
export function sessionWork(): Work<SessionCalls> {
  let lock: { readonly path: string; readonly held: SessionLock } | null = null
  let stored: StoredSession | null = null
  let writing: {
    readonly path: string
    readonly whole: WholeFile
    readonly to: SessionWriter
  } | null = null

  function rowOf(table: Table, key: string): Row | null {
    const found = stored?.row(table, key) ?? null
    return found === 'damaged' ? null : found
  }

  async function read(path: string): Promise<SessionFile> {
    const place = await namedFile(path)
    const { bytes, mark } = await withFile(place, async file => {
      const first = Buffer.alloc(Math.min(pageBytes, file.size))
      await readExactly(file, 0, first)
      checkFirstPage(first, file.size, file.label)
      if (file.size > mostFileBytes)
        throw invalidFile(file.label, `${file.size} bytes exceed what a session may take`)
      const bytes = Buffer.alloc(file.size)
      await readExactly(file, 0, bytes)
      return { bytes, mark: file.mark }
    })
    // Another may have been written into it between the two looks.
    checkFirstPage(bytes.subarray(0, pageBytes), bytes.length, place.label)
    stored?.close()
    stored = null
    try {
      stored = storedSession(bytes)
    } catch (error) {
      throw damaged(place.label, (error as Error).message)
    }
    return { path: place.path, mark, ...contentOf(stored, place.label, bytes.length) }
  }

  function writer(): SessionWriter {
    if (writing === null) throw new LamellaError('internal', 'No session is being written')
    return writing.to
  }

  /** Gives up what is being written, and says why in words. */
  async function failed(error: unknown): Promise<never> {
    const path = writing?.path ?? ''
    await abandon()
    throw writeError(path, error)
  }

  async function abandon(): Promise<void> {
    const given = writing
    writing = null
    if (given === null) return
    try {
      given.to.abandon()
    } catch {
      // It is closed nevertheless.
    }
    await given.whole.abandon()
  }

  /** Rows that cannot be written give the file up. */
  async function put(rows: Iterable<Row>, table: Table): Promise<null> {
    try {
      for (const row of rows) writer().put(table, row)
      return null
    } catch (error) {
      return failed(error)
    }
  }

  return {
    lock({ path }) {
      if (lock !== null && lock.path === path) return 'held'
      const held = lockSession(path)
      if (held === 'taken' || held === 'refused') return held
      lock?.held.release()
      lock = { path, held }
      return 'held'
    },

    read: ({ path }) => read(path),

    async recognise({ path }) {
      await withFile(await namedFile(path), async file => {
        const first = Buffer.alloc(Math.min(pageBytes, file.size))
        await readExactly(file, 0, first)
        versionOf(first, file.label)
      })
      return null
    },

    async mark({ path }) {
      const found = await lstat(path, { bigint: true }).catch(() => null)
      return found === null ? null : markOf(found)
    },

    values() {
      if (stored === null) return []
      const sizes = new Map<string, { run: string; hook: string; bytes: number }>()
      for (const key of stored.keys('trace_values')) {
        const [run = '', hook = ''] = key.split(' ')
        const own = sizes.get(`${run} ${hook}`) ?? { run, hook, bytes: 0 }
        own.bytes += stored.sizeOf('trace_values', key)
        sizes.set(`${run} ${hook}`, own)
      }
      return [...sizes.values()]
    },

    value({ run, hook, index }) {
      try {
        return valueFrom(slice => rowOf('trace_values', valueKey(run, hook, slice)), index)
      } catch (error) {
        if (error instanceof LamellaError) throw error
        return null
      }
    },

    results() {
      if (stored === null) return []
      const from = stored
      return from.keys('results').flatMap(key => {
        const row = rowOf('results', key)
        if (row === null) return []
        try {
          return [{ key, request: requestOf(row), bytes: from.sizeOf('results', key) }]
        } catch {
          return []
        }
      })
    },

    result({ key }) {
      const row = rowOf('results', key)
      try {
        return row === null ? null : datasetFrom(row)
      } catch {
        return null
      }
    },

    check() {
      if (stored === null) return { rows: 0, isWhole: false, damaged: [] }
      const from = stored
      let rows = 0
      const damaged: string[] = []
      for (const table of tables)
        for (const key of from.keys(table)) {
          rows++
          if (!isSound(from, table, key)) damaged.push(`${table}: ${printable(key)}`)
        }
      return { rows, isWhole: from.isWhole, damaged }
    },

    async begin({ path }) {
      await abandon()
      const whole = await beginWholeFile(path)
      try {
        writing = { path, whole, to: createSessionWriter(whole.beside) }
      } catch (error) {
        await whole.abandon()
        throw writeError(path, error)
      }
      return null
    },

    putJson: ({ table, key, json }) => put([{ key, about: '{}', bytes: Buffer.from(json) }], table),

    putValue: ({ run, hook, value, bySlice }) =>
      put(valueRows(run, hook, value, bySlice), 'trace_values'),

    putResult: ({ key, request, result }) => put([datasetRow(key, request, result)], 'results'),

    async finish({ content, saved }) {
      const parts = Object.entries(content).map(([key, part]) => ({
        key,
        about: '{}',
        bytes: Buffer.from(JSON.stringify(part))
      }))
      await put(parts, 'content')
      await put([{ key: 'saved', about: JSON.stringify(saved), bytes: new Uint8Array() }], 'meta')
      const { path, whole, to } = writing!
      try {
        to.finish()
        await whole.place()
      } catch (error) {
        return failed(error)
      }
      writing = null
      return { file: await read(path) }
    },

    async abandon() {
      await abandon()
      return null
    },

    async close() {
      await abandon()
      stored?.close()
      stored = null
      lock?.held.release()
      lock = null
      return null
    }
  }
}

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
  const saved: Saved = { ...SavedAbout.parse(JSON.parse(about.about)), bytes }
  const parts = Object.keys(SessionContent.shape).map(part => {
    const row = stored.row('content', part)
    if (row === null || row === 'damaged')
      throw damaged(label, `its ${part} are not what was saved`)
    return [part, parsed(row, label)]
  })
  const content = SessionContent.safeParse(Object.fromEntries(parts), { reportInput: true })
  if (!content.success) throw damaged(label, firstFault(content.error))
  const texts = (table: 'models' | 'runs') =>
    stored.keys(table).flatMap(key => {
      const row = stored.row(table, key)
      if (row === null || row === 'damaged') {
        notes.push(`${fileLabel(label)}: one of its ${table} is damaged, and is left out`)
        return []
      }
      return [Buffer.from(row.bytes).toString()]
    })
  const models = texts('models')
  const runs = texts('runs')
  if (!stored.isWhole)
    notes.push(
      `${fileLabel(label)}: is damaged; what is shown is as it was saved, but some of the numbers that it kept may be gone`
    )
  return { saved, content: content.data, models, runs, notes }
}

function parsed(row: Row, label: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(row.bytes))
  } catch (error) {
    throw damaged(label, `${row.key}: ${toLamellaError(error).message}`)
  }
}

/** Whether a row is what was written, and can be read as what it is. */
function isSound(stored: StoredSession, table: Table, key: string): boolean {
  const row = stored.row(table, key)
  if (row === null || row === 'damaged') return false
  try {
    if (table === 'results') datasetFrom(row)
    const value = table === 'trace_values' ? valueOf(key) : null
    if (value !== null) {
      const rowAt = (slice: number) => {
        const found = stored.row(table, valueKey(value.run, value.hook, slice))
        return found === 'damaged' ? null : found
      }
      return valueFrom(rowAt, undefined) !== null
    }
    return true
  } catch {
    return false
  }
}
