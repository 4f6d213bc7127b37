import type { Row } from './format.ts'

/** All rows of a session, by table. */
export type SessionRows = ReadonlyMap<string, readonly Row[]>

/** How the files of an earlier version lie, and how the version after it is made of one. */
export interface EarlierFormat {
  readonly version: number
  /** In their order in the file; each as `createTable` makes it. */
  readonly tables: readonly string[]
  /** @throws Error where a row is not what that version wrote */
  next(rows: SessionRows): SessionRows
}

/**
 * Every version that was ever shipped before the present one. A file of one of them is read into memory, brought forward step
 * by step, and written as the present version once it is saved, with the file as it was beside it.
 */
export const earlierFormats: readonly EarlierFormat[] = []

/** The tables of an earlier version; null where there was none. */
export function tablesBefore(
  version: number,
  earlier: readonly EarlierFormat[]
): readonly string[] | null {
  return earlier.find(format => format.version === version)?.tables ?? null
}

/** What an earlier version is kept as once another takes its place. */
export function backupOf(path: string, version: number): string {
  return `${path}.v${version}`
}
