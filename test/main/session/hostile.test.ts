import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { datasetFrom } from '../../../src/main/session/dataset-row.ts'
import { createSessionWriter } from '../../../src/main/session/session-writer.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { textsFrom, type KeptTexts } from '../../../src/main/session/text-rows.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { exampleContent, newPlace, scores, writeExample } from './example.ts'

let sound: Buffer
beforeAll(async () => {
  sound = await writeExample(newPlace())
})

/** What is thrown; undefined where nothing is. */
const cameOf = (work: () => unknown) =>
  outcome(Promise.resolve().then(async () => void (await work())))

/** What opening such a file comes to; it has to be left as it is. */
async function opened(bytes: Uint8Array): Promise<unknown> {
  const path = newPlace()
  writeFileSync(path, bytes)
  const came = await cameOf(() => sessionWork().read({ path }))
  expect(readFileSync(path).equals(bytes)).toBe(true)
  return came
}

/** A sound session that SQLite was told to do something to. */
function changedBy(sql: string): Buffer {
  const path = newPlace()
  writeFileSync(path, sound)
  const database = new Database(path)
  database.unsafeMode()
  database.pragma('journal_mode = MEMORY')
  database.exec(sql)
  database.close()
  return readFileSync(path)
}

/** A sound session with some bytes in place of those at an offset. */
function withBytes(offset: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(sound)
  copy.set(bytes, offset)
  return copy
}

const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c'

describe('a file that is no sound session', () => {
  it.each<readonly [string, () => Uint8Array, string]>([
    ['an empty file', () => new Uint8Array(), 'file-invalid: a.lamella: is no session of Lamella'],
    [
      'a text',
      () => Buffer.from('Dear all,'.repeat(40)),
      'file-invalid: a.lamella: is no session of Lamella'
    ],
    [
      "another program's database",
      () => changedBy('PRAGMA application_id = 0x47504b47'),
      'file-invalid: a.lamella: is a database of another program ("GPKG"), no session of Lamella'
    ],
    [
      "a database that says nobody's",
      () => changedBy('PRAGMA application_id = 0'),
      'file-invalid: a.lamella: is a database of another program (it names none), no session of Lamella'
    ],
    [
      "a newer Lamella's",
      () => changedBy('PRAGMA user_version = 99'),
      'unsupported: a.lamella: was made by a newer Lamella (version 99 of sessions; this one reads up to 1)'
    ],
    [
      'one with a trigger',
      () => changedBy('CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM content; END'),
      'file-invalid: a.lamella: holds "trigger t", which no session has, and is not read'
    ],
    [
      'one with a view that has no end',
      () => changedBy(`CREATE VIEW notes AS ${endless}`),
      'file-invalid: a.lamella: holds "view notes", which no session has, and is not read'
    ],
    [
      'one whose table is a view that has no end',
      () =>
        changedBy(
          `DROP TABLE content; CREATE VIEW content AS SELECT x AS key, x AS about, x AS bytes, x AS checksum FROM (${endless})`
        ),
      'file-invalid: a.lamella: is damaged: its first free page is 5, expected 0'
    ],
    [
      'one with a virtual table',
      () => changedBy('CREATE VIRTUAL TABLE v USING fts5(a)'),
      'file-invalid: a.lamella: holds "table v", which no session has, and is not read'
    ],
    [
      'one with an index by an expression',
      () => changedBy('CREATE INDEX i ON runs (abs(key))'),
      'file-invalid: a.lamella: holds "index i", which no session has, and is not read'
    ],
    [
      'one whose table has another statement',
      () =>
        changedBy(
          "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'about TEXT', 'about BLOB') WHERE name = 'runs'"
        ),
      'file-invalid: a.lamella: holds "table runs", which no session has, and is not read'
    ],
    [
      'one whose tables share their pages',
      () =>
        changedBy(
          "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 4 WHERE name = 'runs'"
        ),
      'file-invalid: a.lamella: holds "table runs", which no session has, and is not read'
    ],
    [
      'one with more tables than a page holds',
      () =>
        changedBy(
          Array.from({ length: 300 }, (_, i) => `CREATE TABLE more${i} (a${'b'.repeat(100)})`).join(
            ';'
          )
        ),
      'file-invalid: a.lamella: says more of its tables than any session, and is not read'
    ],
    [
      'one that says it has four billion pages',
      () => withBytes(28, 255, 255, 255, 255),
      'file-invalid: a.lamella: is damaged: its number of pages is 4294967295, expected 15'
    ],
    [
      'one that asks for a log beside it',
      () => withBytes(18, 2, 2),
      'file-invalid: a.lamella: is damaged: its version for writing is 2, expected 1'
    ],
    [
      'half of one',
      () => sound.subarray(0, sound.length / 2),
      'file-invalid: a.lamella: is damaged: 61440 bytes are no whole number of pages'
    ],
    [
      'one that lost its last page',
      () => sound.subarray(0, -8192),
      'file-invalid: a.lamella: is damaged: its number of pages is 15, expected 14'
    ],
    [
      'one that lost its last byte',
      () => sound.subarray(0, -1),
      'file-invalid: a.lamella: is damaged: 122879 bytes are no whole number of pages'
    ],
    [
      'one whose notes are none',
      () => changedBy("UPDATE content SET bytes = CAST('[{}]' AS BLOB) WHERE key = 'notes'"),
      'file-invalid: a.lamella: is damaged: its notes are not what was saved'
    ]
  ])('%s', async (_, make, expected) => {
    expect(await opened(make())).toBe(expected)
  })

  it('is a table that is its own branch: it is refused, and nobody waits for it', async () => {
    // Every page of the values is an inner page that leads to itself.
    const pages = sound.length / 8192
    const copy = Buffer.from(sound)
    const page = Buffer.alloc(8192)
    page[0] = 0x05
    page.writeUInt16BE(500, 3)
    page.writeUInt16BE(4096, 5)
    page.writeUInt32BE(10, 8)
    for (let cell = 0; cell < 500; cell++) {
      page.writeUInt16BE(8192 - 5 * (cell + 1), 12 + 2 * cell)
      page.writeUInt32BE(10, 8192 - 5 * (cell + 1))
      page[8192 - 5 * cell - 1] = cell & 0x7f
    }
    expect(pages).toBeGreaterThan(10)
    copy.set(page, 9 * 8192)
    expect(await opened(copy)).toMatch(/^file-invalid: a\.lamella: is damaged: /)
  })
})

describe('a sound session that is made to take for ever', () => {
  it('keeps more models and runs than any: the others are left out, and that is said', async () => {
    const path = newPlace()
    const work = sessionWork()
    await work.begin({ path })
    for (const [table, count] of [
      ['models', 201],
      ['runs', 1001]
    ] as const)
      for (let i = 0; i < count; i++) await work.putJson({ table, key: `${i}`, json: '{}' })
    for (let i = 0; i < 1001; i++)
      await work.putResult({ key: `${i}`, request: { name: 'head-scores' }, result: scores })
    const saved = { at: 5, version: '1.0.0', keep: 'seen' as const }
    await work.finish({ content: exampleContent(), saved })
    const other = sessionWork()
    const { models, runs, notes } = await other.read({ path })
    expect([models.length, runs.length]).toEqual([200, 1000])
    expect(await other.results(null)).toHaveLength(1000)
    expect(notes).toEqual([
      'a.lamella: keeps 201 models, and no session has more than 200: the others are left out',
      'a.lamella: keeps 1001 runs, and no session has more than 1000: the others are left out',
      'a.lamella: keeps 1001 results, and no session has more than 1000: the others are left out'
    ])
  })

  it('holds more notes than the window could be kept with: it is refused', async () => {
    const path = newPlace()
    const work = sessionWork()
    await work.begin({ path })
    const notes = Array.from({ length: 70 }, (_, i) => ({
      ...{ id: `${i}`, on: null, at: 1 },
      markdown: 'x'.repeat(99_000)
    }))
    const saved = { at: 5, version: '1.0.0', keep: 'seen' as const }
    await expect(work.finish({ content: { ...exampleContent(), notes }, saved })).rejects.toThrow(
      /what it says was made in it is more than any session holds/
    )
  })

  it('has a model, or a part, that is larger than any', async () => {
    const path = newPlace()
    const work = sessionWork()
    await work.begin({ path })
    const json = `"${' '.repeat(2 ** 26)}"`
    await work.putJson({ table: 'models', key: 'm', json })
    const saved = { at: 5, version: '1.0.0', keep: 'seen' as const }
    await work.finish({ content: exampleContent(), saved })
    const { models, notes } = await sessionWork().read({ path })
    expect(models).toEqual([])
    expect(notes).toEqual(['a.lamella: one of its models is damaged, and is left out'])
  })

  it('keeps texts of more files than any corpus, or of more corpora than have a name', async () => {
    const path = newPlace()
    const saved = { at: 5, version: '1.0.0', keep: 'everything' as const }
    const texts = (path: string, files: number, size: number) => ({
      ...{ path, mark: 'm', found: true, left: [], bytes: new Uint8Array(files * size) },
      files: Array.from({ length: files }, (_, i) => ({ label: `${i}`, size }))
    })
    const written = async (all: readonly KeptTexts[]) => {
      const work = sessionWork()
      await work.begin({ path })
      for (const each of all) await work.putTexts(each)
      const { file } = await work.finish({ content: exampleContent(), saved })
      const corpora = await work.corpora(null)
      return { notes: file.notes, files: corpora.map(({ files }) => files && files.files) }
    }
    expect(await written([texts('/whole', 100_000, 0)])).toEqual({ notes: [], files: [100_000] })
    expect(await written([texts('/many', 100_001, 0)])).toEqual({ notes: [], files: [null] })
    // What says far more is not even parsed.
    const row = { key: 'texts /many', about: ','.repeat(2 ** 20), bytes: new Uint8Array() }
    expect(() => textsFrom(row)).toThrow('says more of its files than any')
    const left = (count: number) =>
      `a.lamella: keeps more texts of corpora than any session: those of ${count} are left out`
    expect(await written([texts('/large', 1, 2 ** 26), texts('/t', 1, 1)])).toMatchObject({
      ...{ notes: [left(2)], files: [] }
    })
    const all = Array.from({ length: 2003 }, (_, i) => texts(`/${i}`, 1, 1))
    expect(await written(all)).toMatchObject({ notes: [left(3)], files: { length: 2000 } })
  })

  it.each<readonly [string, Partial<Record<'window' | 'notes' | 'saved', string>>, string]>([
    [
      'lists in one another by the hundred',
      { window: '['.repeat(501) + ']'.repeat(501) },
      'window: expected what JSON can say, nested at most 500 deep, with no key __proto__'
    ],
    [
      'lists in one another by the million',
      { window: '['.repeat(3e6) + ']'.repeat(3e6) },
      'window: is nested deeper than 1000 levels'
    ],
    [
      'a note of a moment that no date has',
      { notes: '[{"id":"1","on":null,"markdown":"","at":1e300}]' },
      'notes.0.at: expected at most 8640000000000000, got 1e+300'
    ],
    [
      'such a moment as the one that it was saved at',
      { saved: '{"at":1e16,"version":"1","keep":"seen"}' },
      'saved.at: expected at most 8640000000000000, got 10000000000000000'
    ],
    [
      'no moment that it was saved at',
      { saved: '{"at":1e999,"version":"1","keep":"seen"}' },
      'saved.at: expected a number, got Infinity'
    ]
  ])('has %s', async (_, { saved = '{"at":5,"version":"1","keep":"seen"}', ...own }, fault) => {
    const path = newPlace()
    writeFileSync(path, '')
    const writer = createSessionWriter(path)
    const texts = Object.entries<unknown>(exampleContent()).map(
      ([key, part]) => [key, own[key as keyof typeof own] ?? JSON.stringify(part)] as const
    )
    for (const [key, text] of texts)
      writer.put('content', { key, about: '{}', bytes: Buffer.from(text) })
    writer.put('meta', { key: 'saved', about: saved, bytes: new Uint8Array() })
    writer.finish()
    expect(await cameOf(() => sessionWork().read({ path }))).toBe(
      `file-invalid: a.lamella: is damaged: ${fault}`
    )
  })

  it('has variables that lie over one another: they are more than it holds', () => {
    const bytes = new Uint8Array(8)
    const variable = { axes: ['x'], unit: '', about: '', dtype: 'float64', offset: 0, length: 1 }
    const row = (...names: string[]) => ({
      key: 'k',
      about: JSON.stringify({
        ...{ request: {}, attributes: {}, axes: { x: { length: 1, labels: null } } },
        variables: Object.fromEntries(names.map(name => [name, variable]))
      }),
      bytes
    })
    expect(datasetFrom(row('a')).variables['a']!.data).toEqual(Float64Array.of(0))
    expect(() => datasetFrom(row('a', 'b'))).toThrow('b: ends beyond its bytes')
  })
})

describe('what lies beside a session, or in its place', () => {
  it('is not read: a journal, a log, a pipe of that name', async () => {
    const path = newPlace()
    writeFileSync(path, sound)
    writeFileSync(`${path}-wal`, Buffer.alloc(4096, 7))
    // A journal that says to put zeros over all of it.
    const journal = Buffer.alloc(512 + 8192 + 8)
    Buffer.from('d9d505f920a163d7', 'hex').copy(journal)
    journal.writeUInt32BE(1, 8)
    journal.writeUInt32BE(1, 16)
    journal.writeUInt32BE(512, 20)
    journal.writeUInt32BE(8192, 24)
    writeFileSync(`${path}-journal`, journal)
    const work = sessionWork()
    expect((await work.read({ path })).content).toEqual(exampleContent())
    expect(await work.lock({ path })).toBe('held')
    if (process.platform !== 'win32') {
      rmSync(`${path}-journal`)
      execFileSync('mkfifo', [`${path}-journal`])
      expect((await work.read({ path })).content).toEqual(exampleContent())
    }
    await work.close(null)
    expect(readFileSync(path).equals(sound)).toBe(true)
  })

  it.skipIf(process.platform === 'win32')(
    'is no file: it is refused, and nobody waits for it',
    async () => {
      const path = newPlace()
      execFileSync('mkfifo', [path])
      expect(await cameOf(() => sessionWork().read({ path }))).toBe(
        'file-invalid: a.lamella: is a named pipe, not a file'
      )
      rmSync(path)
      mkdirSync(path)
      expect(await cameOf(() => sessionWork().read({ path }))).toBe(
        'file-invalid: a.lamella: is a folder, not a file'
      )
      expect(await cameOf(() => sessionWork().begin({ path }))).toMatch(
        /^invalid-argument: .* is a folder$/
      )
      rmSync(path, { recursive: true })
      const kept = join(dirname(path), 'kept')
      writeFileSync(kept, 'kept')
      symlinkSync(kept, path)
      expect(await cameOf(() => sessionWork().begin({ path }))).toMatch(
        /is a link, which is not written over$/
      )
      expect(readFileSync(kept, 'utf8')).toBe('kept')
    }
  )

  it.skipIf(process.platform === 'win32')(
    'holds no lock where it is not an empty file',
    async () => {
      const path = newPlace()
      writeFileSync(path, sound)
      const lock = join(dirname(path), '.a.lamella.lock')
      for (const put of [
        () => writeFileSync(lock, 'kept'),
        () => writeFileSync(lock, sound),
        () => execFileSync('mkfifo', [lock]),
        () => symlinkSync(path, lock)
      ]) {
        put()
        expect(await sessionWork().lock({ path })).toBe('refused')
        rmSync(lock)
      }
      expect(readFileSync(path).equals(sound)).toBe(true)
    }
  )
})
