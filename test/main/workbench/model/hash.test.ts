import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '#common/contract/schemas.ts'
import { namedFile } from '../../../../src/main/files/folder.ts'
import { knownFile, type KnownFile } from '../../../../src/main/files/known-file.ts'
import { createFileHashes } from '../../../../src/main/workbench/model/file-hashes.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'
import { built } from '../../../built.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-hash-'))
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

describe('the hash of a model', () => {
  async function opened() {
    const folder = join(newFolder(), 'copy')
    cpSync(shakespeare, folder, { recursive: true })
    const { id } = await workbench.handlers['models.open']({ path: folder }, uncancelled())
    return { file: join(folder, 'model.safetensors'), modelId: id }
  }

  it('is that of its files, which are read once', async () => {
    const { file, modelId } = await opened()
    const seen: Progress[] = []
    const context = {
      ...uncancelled(),
      progress: (progress: Progress) => void seen.push(progress)
    }
    const bytes = readFileSync(file)
    const expected = [{ name: 'model.safetensors', bytes: bytes.length, sha256: hashOf(bytes) }]
    const both = [1, 2].map(() => workbench.handlers['models.hash']({ modelId }, context))
    expect(await Promise.all(both)).toEqual([expected, expected])
    // Told to each who asked by then.
    const label = 'Hashing model.safetensors'
    const progress = { label, done: 0, total: bytes.length }
    const told = seen.length
    expect(new Set(seen.map(each => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify(progress)])
    )
    expect(told).toBeLessThanOrEqual(2)
    expect(await workbench.handlers['models.hash']({ modelId }, context)).toEqual(expected)
    expect(seen).toHaveLength(told)
  })

  it('is not given of a file that is another by now, nor once it is cancelled', async () => {
    const { file, modelId } = await opened()
    const controller = new AbortController()
    const context = { ...uncancelled(controller.signal), progress: () => controller.abort() }
    expect(await outcome(workbench.handlers['models.hash']({ modelId }, context))).toBe(
      'cancelled: Cancelled'
    )
    utimesSync(file, 1, 1)
    expect(await outcome(workbench.handlers['models.hash']({ modelId }, uncancelled()))).toBe(
      'file-changed: model.safetensors: changed since it was opened'
    )
  })
})

describe('the hash of a file', () => {
  const entry = built.hashEntry
  /** Tells how far it has come. */
  const told = (progress: (told: Progress) => void, signal?: AbortSignal) => ({
    ...uncancelled(signal),
    progress
  })

  it('is made piece by piece, and kept for the next start', async () => {
    const folder = newFolder()
    const path = join(folder, 'large')
    writeFileSync(path, 'begins')
    const size = 150 * 2 ** 20 + 5
    truncateSync(path, size)
    const file = await knownFile(await namedFile(path))
    const kept = join(folder, 'hashes.json')
    const read: number[] = []
    const of = () =>
      createFileHashes(entry, kept).of(
        [file],
        told(({ done }) => read.push(done))
      )
    expect(await of()).toEqual([hashOf(readFileSync(path))])
    expect(read).toEqual([0, 2 ** 26, 2 ** 27])
    expect(await of()).toEqual([hashOf(readFileSync(path))])
    expect(read).toHaveLength(3)
    // What takes its place is another.
    writeFileSync(path, 'another')
    const next = await knownFile(await namedFile(path))
    const again = createFileHashes(entry, kept).of([next], uncancelled())
    expect(await again).toEqual([hashOf(Buffer.from('another'))])
    expect(await outcome(createFileHashes(entry, `${kept}.none`).of([file], uncancelled()))).toBe(
      'file-changed: large: changed since it was opened'
    )
  })

  it('is not that of a file elsewhere of the same mark', async () => {
    const folder = newFolder()
    const [path, elsewhere] = ['here', 'there'].map(name => join(folder, name)) as [string, string]
    writeFileSync(path, 'one')
    writeFileSync(elsewhere, 'other')
    const file = await knownFile(await namedFile(path))
    const hashes = createFileHashes(entry, join(folder, 'hashes.json'))
    await hashes.of([file], uncancelled())
    expect(await outcome(hashes.of([{ ...file, path: elsewhere }], uncancelled()))).toBe(
      'file-changed: here: changed since it was opened'
    )
  })

  it('is kept of the last 10,000 files', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'new'), 'new')
    const kept = join(folder, 'hashes.json')
    const before = Array.from({ length: 10_000 }, (_, i) => ({
      file: String(i),
      sha256: '',
      crc32: 0
    }))
    writeFileSync(kept, JSON.stringify(before))
    const file = await knownFile(await namedFile(join(folder, 'new')))
    const [sha256] = await createFileHashes(entry, kept).of([file], uncancelled())
    const after = JSON.parse(readFileSync(kept, 'utf8')) as typeof before
    const own = { file: `${file.mark} ${file.path}`, sha256, crc32: expect.any(Number) as number }
    expect(after).toEqual([own, ...before.slice(0, -1)])
  })

  it('is not believed where what is kept of it is damaged, and then kept anew', async () => {
    const folder = newFolder()
    const content = Buffer.from('content')
    for (const name of ['first', 'second']) writeFileSync(join(folder, name), content)
    const [first, second] = (await Promise.all(
      ['first', 'second'].map(async name => knownFile(await namedFile(join(folder, name))))
    )) as [KnownFile, KnownFile]
    const kept = join(folder, 'hashes.json')
    const nameOf = ({ mark, path }: KnownFile) => JSON.stringify(`${mark} ${path}`)
    let reads = 0
    const of = (file: KnownFile) =>
      createFileHashes(entry, kept).of(
        [file],
        told(() => void reads++)
      )
    await of(first)
    const whole = readFileSync(kept, 'utf8')
    const sha256 = hashOf(content)
    const wrong = `${sha256[0] === '0' ? '1' : '0'}${sha256.slice(1)}`
    const damages = [
      whole.replace(sha256, wrong),
      // Of another file, whose name the damage gives it.
      whole.replace(nameOf(first), nameOf(second)),
      whole.replace(/"crc32":\d+/, '"crc32":1'),
      whole.slice(0, -1)
    ]
    for (const damage of damages) {
      expect(damage).not.toBe(whole)
      writeFileSync(kept, damage)
      reads = 0
      const asked = damage.includes(nameOf(second)) ? second : first
      expect(await of(asked)).toEqual([sha256])
      expect(reads).toBe(1)
      // Once, not beside the damaged one.
      expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveLength(1)
      expect(await of(asked)).toEqual([sha256])
      expect(reads).toBe(1)
    }
  })

  it('of several is kept once, after the last; where that was cancelled, of those before', async () => {
    const folder = newFolder()
    const kept = join(folder, 'hashes.json')
    const contents = ['a', 'bb', 'ccc']
    const files = await Promise.all(
      contents.map(async name => {
        writeFileSync(join(folder, name), name)
        return knownFile(await namedFile(join(folder, name)))
      })
    )
    const controller = new AbortController()
    const read: Progress[] = []
    const stopping = told(progress => {
      read.push(progress)
      expect(existsSync(kept)).toBe(false)
      if (progress.label === 'Hashing bb') controller.abort()
    }, controller.signal)
    await expect(createFileHashes(entry, kept).of(files, stopping)).rejects.toThrow()
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveLength(2)
    const all = createFileHashes(entry, kept).of(
      files,
      told(progress => read.push(progress))
    )
    expect(await all).toEqual(contents.map(name => hashOf(Buffer.from(name))))
    // How much of all of them is read.
    expect(read).toEqual([
      { label: 'Hashing a', done: 0, total: 6 },
      { label: 'Hashing bb', done: 1, total: 6 },
      { label: 'Hashing ccc', done: 3, total: 6 }
    ])
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveLength(3)
  })

  it('of an empty file is that of nothing', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'empty'), '')
    const file = await knownFile(await namedFile(join(folder, 'empty')))
    const hashes = createFileHashes(entry, join(folder, 'hashes.json'))
    expect(await hashes.of([file], uncancelled())).toEqual([hashOf(Buffer.of())])
  })
})
