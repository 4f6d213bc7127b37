import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { faultOf } from '../../../src/main/trace/fault.ts'

it.skipIf(process.platform === 'win32')(
  'is damage of a file that another program swept away before it was written to',
  () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lamella-fault-')), 'trace.sqlite')
    const database = new Database(file)
    database.pragma('user_version')
    rmSync(file)
    try {
      database.exec('CREATE TABLE value (run TEXT)')
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Database.SqliteError)
      expect(faultOf(error, file)).toBe('damaged')
    }
    database.close()
  }
)

it('is damage of a file that says it may not be written, and may be', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lamella-fault-')), 'trace.sqlite')
  writeFileSync(file, '')
  const error = new Database.SqliteError('attempt to write a readonly database', 'SQLITE_READONLY')
  expect(faultOf(error, file)).toBe('damaged')
})
