import { createHash } from 'node:crypto'

/** `Lmla`, as SQLite keeps it in a file's header: whose file it is. */
export const applicationId = 0x4c6d6c61

/** Of the files that are written. Whatever changes in them is a step in `earlier-formats.ts`. */
export const formatVersion = 1

export const pageBytes = 8192

/** What one file may take: it is read into memory as a whole, so that nothing beside it or in its way matters. */
export const mostFileBytes = 2 ** 31 - 1

/**
 * The tables, in their order in the file. All are alike: a key, what is said of it as JSON, its bytes, and a checksum of
 * these three and of the table's name.
 */
export const tables = [
  /** When, by which version and with what it was written, and a digest of all other rows. */
  'meta',
  /** The parts of `SessionContent`, by name, and the texts of corpora of files, by path (`text-rows.ts`). */
  'content',
  /** What is known of each model, by path and fingerprint. */
  'models',
  /** Runs with their tokens, by the ids of runs. */
  'runs',
  /** Values of runs: by run, hook and slice of the first axis. */
  'trace_values',
  /** Datasets, by what was asked. */
  'results',
  /** The machine that wrote it; what made each number stands in the run or the request that it is of. */
  'provenance'
] as const
export type Table = (typeof tables)[number]

/** The statement that makes a table, as SQLite keeps it, letter by letter. */
export function createTable(table: string): string {
  return `CREATE TABLE ${table} (key TEXT NOT NULL PRIMARY KEY, about TEXT NOT NULL, bytes BLOB NOT NULL, checksum BLOB NOT NULL)`
}

/** One row of a table. */
export interface Row {
  readonly key: string
  /** JSON. */
  readonly about: string
  readonly bytes: Uint8Array
}

/** SHA-256 of all that a row is, and of the table it is in: what lies where another should is not taken for it. */
export function checksumOf(table: string, { key, about, bytes }: Row): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([table, key, about]))
    .update(bytes)
    .digest()
}

/** What all rows come to, of the tables but `meta`, in their order in the file. */
export function startDigest(): {
  add(table: string, key: string, checksum: Uint8Array): void
  end(): string
} {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add(table, key, checksum) {
      rows++
      hash.update(JSON.stringify([table, key])).update(checksum)
    },
    end: () => `${rows} ${hash.digest('hex')}`
  }
}
