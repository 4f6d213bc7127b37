import { link, lstat } from 'node:fs/promises'
import { LamellaError } from '#common/model/errors.ts'
import { beginWholeFile, type WholeFile } from '../export/whole-file.ts'
import { fileLabel, invalidFile, printable } from '../files/file-error.ts'
import { namedFile } from '../files/folder.ts'
import { knownFile, markOf } from '../files/known-file.ts'
import { readExactly, withFile } from '../files/open-file.ts'
import { replaceFile } from '../files/replace-file.ts'
import { wholeContent } from '../files/whole-content.ts'
import { writeError } from '../files/write-error.ts'
import type { Work } from '../threads/answer.ts'
import { datasetRow, requestOf } from './dataset-row.ts'
import { backupOf, type EarlierFormat, earlierFormats } from './earlier-formats.ts'
import { checkFirstPage, versionOf } from './first-page.ts'
import { formatVersion, mostFileBytes, pageBytes, type Row, type Table } from './format.ts'
import { lockSession, type SessionLock } from './lock.ts'
import type { SessionCalls, SessionFile } from './protocol.ts'
import {
  checkRows,
  mostRead,
  readSession,
  resultIn,
  soundRow,
  textPathsIn,
  textsIn,
  valueIn
} from './read-session.ts'
import { createSessionWriter, type SessionWriter } from './session-writer.ts'
import type { StoredSession } from './stored-session.ts'
import { filesOfTexts, textsRow } from './text-rows.ts'
import { valueRows } from './value-rows.ts'

/**
 * All that is done with the file of one session.
 * @param earlier the versions before this one
 * @param mostBytes what a file may take, about
 */
export function sessionWork(
  earlier: readonly EarlierFormat[] = earlierFormats,
  mostBytes = 0.9 * mostFileBytes
): Work<SessionCalls> {
  let lock: { readonly path: string; readonly held: SessionLock } | null = null
  let stored: StoredSession | null = null
  let writing: {
    readonly path: string
    readonly whole: WholeFile
    readonly to: SessionWriter
  } | null = null

  async function read(path: string): Promise<SessionFile> {
    const place = await namedFile(path).catch((thrown: unknown) => {
      throw notThere(path, thrown)
    })
    const { bytes, mark } = await withFile(place, async file => {
      const first = Buffer.alloc(Math.min(pageBytes, file.size))
      await readExactly(file, 0, first)
      checkFirstPage(first, file.size, file.label, earlier)
      if (file.size > mostFileBytes)
        throw invalidFile(file.label, `${file.size} bytes exceed what a session may take`)
      const bytes = Buffer.alloc(file.size)
      await readExactly(file, 0, bytes)
      return { bytes, mark: file.mark }
    })
    const { stored: read, ...parts } = readSession(bytes, place.label, earlier)
    stored?.close()
    stored = read
    return { path: place.path, mark, ...parts }
  }

  function writer(): SessionWriter {
    if (writing === null) throw new LamellaError('internal', 'No session is being written')
    return writing.to
  }

  /** Of the rows of what is being written. */
  let bytesPut = 0

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
      for (const row of rows) {
        bytesPut += row.bytes.byteLength + row.about.length
        if (bytesPut > mostBytes) throw tooLarge(writing?.path ?? '', mostBytes)
        writer().put(table, row)
      }
      return null
    } catch (error) {
      return failed(error)
    }
  }

  return {
    lock({ path }) {
      if (lock?.path === path && lock.held.isHeld()) return 'held'
      const held = lockSession(path)
      if (held === 'taken' || held === 'refused') return held
      lock?.held.release()
      lock = { path, held }
      return 'held'
    },

    read: ({ path }) => read(path),

    async recognise({ path }) {
      await versionAt(path)
      return null
    },

    mark: ({ path }) => markAt(path),

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

    value: ({ run, hook, index }) => (stored === null ? null : valueIn(stored, run, hook, index)),

    results() {
      if (stored === null) return []
      const from = stored
      return from
        .keys('results')
        .slice(0, mostRead.results)
        .flatMap(key => {
          const row = soundRow(from, 'results', key)
          if (row === null) return []
          try {
            return [{ key, request: requestOf(row), bytes: from.sizeOf('results', key) }]
          } catch {
            return []
          }
        })
    },

    result: ({ key }) => (stored === null ? null : resultIn(stored, key)),

    corpora() {
      if (stored === null) return []
      const from = stored
      return textPathsIn(from).paths.map(path => {
        const found = textsIn(from, path)
        return { path, files: found && filesOfTexts(found.texts) }
      })
    },

    texts: ({ path }) => (stored === null ? null : textsIn(stored, path)),

    check() {
      if (stored === null) return { rows: 0, isWhole: false, damaged: [] }
      return { isWhole: stored.isWhole, ...checkRows(stored) }
    },

    async begin({ path }) {
      await abandon()
      const whole = await beginWholeFile(path)
      try {
        bytesPut = 0
        writing = { path, whole, to: createSessionWriter(whole.beside) }
      } catch (error) {
        await whole.abandon()
        throw writeError(path, error)
      }
      return null
    },

    putJson: ({ table, key, json }) => put([{ key, about: '{}', bytes: Buffer.from(json) }], table),

    putValue: ({ run, hook, value, precision, bySlice }) =>
      put(valueRows(run, hook, { value, precision }, bySlice), 'trace_values'),

    putResult: ({ key, request, result }) => put([datasetRow(key, request, result)], 'results'),

    putTexts: texts => put([textsRow(texts)], 'content'),

    async finish({ content, saved, over }) {
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
        // It takes no other's place before it has been read back.
        const written = readSession(await contentAt(whole.beside), path)
        try {
          await keepEarlier(path)
          // To bring a file to the disk takes a while: what comes there meanwhile is another program's.
          await whole.place(async () => {
            if (over !== undefined && (await markAt(path)) !== over) throw changedMeanwhile(path)
          })
        } catch (error) {
          written.stored.close()
          throw error
        }
        writing = null
        stored?.close()
        const { stored: now, ...parts } = written
        stored = now
        const { mark } = await knownFile(await namedFile(path))
        return { file: { path, mark, ...parts } }
      } catch (error) {
        return failed(error)
      }
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

/**
 * The version of the session at a path.
 * @throws LamellaError when it is none, or of a newer Lamella
 */
async function versionAt(path: string): Promise<number> {
  return withFile(await namedFile(path), async file => {
    const first = Buffer.alloc(Math.min(pageBytes, file.size))
    await readExactly(file, 0, first)
    return versionOf(first, file.label)
  })
}

/** A session that is not where it was, as one is that stands among the recent ones, is named with where that was. */
function notThere(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof LamellaError && thrown.code === 'not-found')) return thrown
  return new LamellaError(
    'not-found',
    `${printable(path)}: does not exist`,
    'It was moved, renamed or deleted, or what it is on is not connected: open it from where it is now.'
  )
}

function tooLarge(path: string, mostBytes: number): LamellaError {
  return new LamellaError(
    'unsupported',
    `${fileLabel(path)}: would take more than ${(mostBytes / 2 ** 30).toPrecision(2)} GB, which no session may`,
    'Keep less of the numbers, such as those that were looked at.'
  )
}

/** @throws LamellaError `file-invalid` when it is larger than a session may be */
async function contentAt(path: string): Promise<Buffer> {
  return wholeContent(await namedFile(path), mostFileBytes)
}

/** Keeps a session of an earlier version beside the one that takes its place. @throws what the system throws */
async function keepEarlier(path: string): Promise<void> {
  if ((await lstat(path).catch(() => null)) === null) return
  const version = await versionAt(path)
  if (version === formatVersion) return
  const backup = backupOf(path, version)
  // What was kept first is what it was before anything was written.
  if ((await lstat(backup).catch(() => null)) !== null) return
  try {
    await link(path, backup)
  } catch {
    // Where a file has one name only.
    await replaceFile(backup, [await contentAt(path)], { lasts: true })
  }
}

async function markAt(path: string): Promise<string | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  return found === null ? null : markOf(found)
}

function changedMeanwhile(path: string): LamellaError {
  return new LamellaError(
    'file-unwritable',
    `${fileLabel(path)}: was changed by another program while it was saved`,
    'It is left as it is: save this session as another file.'
  )
}
