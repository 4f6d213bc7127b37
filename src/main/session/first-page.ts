import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { type EarlierFormat, earlierFormats, tablesBefore } from './earlier-formats.ts'
import { applicationId, createTable, formatVersion, pageBytes, tables } from './format.ts'

/**
 * Looks at the first page of a session's file before SQLite sees any of it: whose file it is, of which version, and whether
 * what it says of its tables is, letter by letter, what the Lamella of that version writes. Views, triggers, virtual tables and whatever else a
 * stranger may have put there are never read by SQLite.
 * @param page the first bytes of the file, `pageBytes` of them
 * @param fileBytes how long the file is
 * @param earlier the versions before this one
 * @returns its version
 * @throws LamellaError `file-invalid` or `unsupported`, naming the file and what is wrong
 */
export function checkFirstPage(
  page: Buffer,
  fileBytes: number,
  label: string,
  earlier: readonly EarlierFormat[] = earlierFormats
): number {
  const version = versionOf(page, label)
  const own = version === formatVersion ? tables : tablesBefore(version, earlier)
  if (own === null)
    throw invalidFile(label, `is a session of version ${version}, which was never written`)
  if (page.length < pageBytes || fileBytes % pageBytes !== 0)
    throw damaged(label, `${fileBytes} bytes are no whole number of pages`)
  const expected = expectedHeader(fileBytes / pageBytes)
  for (const [offset, length, value, what] of expected)
    if (page.readUIntBE(offset, length) !== value)
      throw damaged(label, `its ${what} is ${page.readUIntBE(offset, length)}, expected ${value}`)
  const found = schemaRows(page, label)
  const wanted = expectedRows(own)
  const other = found.find((row, i) => row.join('\0') !== wanted[i]?.join('\0'))
  if (other !== undefined)
    throw invalidFile(
      label,
      `holds ${quoted(`${String(other[0])} ${String(other[1])}`)}, which no session has, and is not read`,
      'It may have been made to do harm: do not trust where it came from.'
    )
  if (found.length !== wanted.length)
    throw damaged(label, `${found.length} tables and indices, expected ${wanted.length}`)
  return version
}

/**
 * The version that a file says it is of.
 * @param page its first 100 bytes or more
 * @throws LamellaError `file-invalid` when it is no session's, `unsupported` when a newer Lamella made it
 */
export function versionOf(page: Buffer, label: string): number {
  if (page.length < headerBytes || page.toString('latin1', 0, magic.length) !== magic)
    throw invalidFile(label, 'is no session of Lamella', 'Choose a file that Lamella saved.')
  const id = page.readUInt32BE(68)
  if (id !== applicationId)
    throw invalidFile(
      label,
      `is a database of another program (${nameOf(id)}), no session of Lamella`,
      'Choose a file that Lamella saved.'
    )
  const version = page.readUInt32BE(60)
  if (version > formatVersion)
    throw unsupportedFile(
      label,
      `was made by a newer Lamella (version ${version} of sessions; this one reads up to ${formatVersion})`,
      'Open it with that one. It is left as it is.'
    )
  return version
}

const magic = 'SQLite format 3\0'
const headerBytes = 100

function damaged(label: string, how: string) {
  return invalidFile(label, `is damaged: ${how}`, 'Take a copy of it from before, if there is one.')
}

/** An application id as letters where it is some. */
function nameOf(id: number): string {
  const letters = Buffer.from([id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255])
  const text = letters.toString('latin1')
  return id === 0 ? 'it names none' : /^[\x21-\x7e]{4}$/.test(text) ? `"${text}"` : String(id)
}

/** Where in the header what has to stand: offset, bytes, value. */
function expectedHeader(pages: number): readonly (readonly [number, number, number, string])[] {
  return [
    [16, 2, pageBytes, 'page size'],
    [18, 1, 1, 'version for writing'],
    [19, 1, 1, 'version for reading'],
    [20, 1, 0, 'space reserved in pages'],
    [21, 1, 64, 'payload fraction'],
    [22, 1, 32, 'least payload fraction'],
    [23, 1, 32, 'leaf payload fraction'],
    [28, 4, pages, 'number of pages'],
    [32, 4, 0, 'first free page'],
    [36, 4, 0, 'number of free pages'],
    [44, 4, 4, 'schema format'],
    [52, 4, 0, 'vacuum setting'],
    [56, 4, 1, 'encoding of text']
  ]
}

type SchemaRow = readonly (string | number | null)[]

/** Type, name, table, root page and statement of each; roots follow one another as the tables are made. */
function expectedRows(tables: readonly string[]): SchemaRow[] {
  return tables.flatMap((table, i): SchemaRow[] => [
    ['table', table, table, 2 + 2 * i, createTable(table)],
    ['index', `sqlite_autoindex_${table}_1`, table, 3 + 2 * i, null]
  ])
}

/**
 * The rows of the table of tables, which fits the first page in any session.
 * @source https://www.sqlite.org/fileformat2.html, sections 1.6, 2.1 and 2.6
 */
function schemaRows(page: Buffer, label: string): SchemaRow[] {
  const tableLeaf = 0x0d
  if (page[headerBytes] !== tableLeaf)
    throw invalidFile(label, 'says more of its tables than any session, and is not read')
  const count = page.readUInt16BE(headerBytes + 3)
  if (count > 2 * tables.length + 100)
    throw invalidFile(label, `has ${count} tables and indices, and is not read`)
  try {
    return Array.from({ length: count }, (_, i) => {
      const cell = page.readUInt16BE(headerBytes + 8 + 2 * i)
      return rowAt(page, cell)
    })
  } catch {
    throw damaged(label, 'what it says of its tables cannot be read')
  }
}

/** @throws Error when it is not all in the page, or holds anything but texts, whole numbers and nothing */
function rowAt(page: Buffer, cell: number): SchemaRow {
  const payload = varint(page, cell)
  const rowid = varint(page, payload.next)
  const start = rowid.next
  const end = start + payload.value
  if (end > page.length) throw new RangeError('overflows')
  const header = varint(page, start)
  const types: number[] = []
  let at = header.next
  while (at < start + header.value) {
    const type = varint(page, at)
    types.push(type.value)
    at = type.next
  }
  let place = start + header.value
  const row = types.map(type => {
    const length = lengthOf(type)
    if (place + length > end) throw new RangeError('overflows')
    const value =
      type === 0
        ? null
        : type >= 13
          ? page.toString('utf8', place, place + length)
          : type === 8 || type === 9
            ? type - 8
            : page.readIntBE(place, length)
    place += length
    return value
  })
  if (place !== end) throw new RangeError('is longer than it says')
  return row
}

function lengthOf(type: number): number {
  if (type === 0 || type === 8 || type === 9) return 0
  if (type >= 1 && type <= 4) return type
  if (type === 5) return 6
  if (type >= 13 && type % 2 === 1) return (type - 13) / 2
  throw new RangeError('no such value in a table of tables')
}

/** A number of 7 bits a byte, of three bytes at most: longer ones say more than a page holds. */
function varint(page: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let next = at; next < at + 3;) {
    const byte = page.readUInt8(next++)
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next }
  }
  throw new RangeError('too large')
}
