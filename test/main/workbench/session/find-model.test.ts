import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { type ErrorCode, LamellaError } from '#common/model/errors.ts'
import { findModel, modelsToSeek } from '../../../../src/main/workbench/session/find-model.ts'
import { createFileHashes } from '../../../../src/main/workbench/model/file-hashes.ts'
import type { Model } from '../../../../src/main/workbench/model/model.ts'
import {
  keptElsewhere,
  type KeptModel,
  keptModel,
  keptWhole,
  stateOf
} from '../../../../src/main/workbench/session/kept-model.ts'
import { built } from '../../../built.ts'
import { openedModel, shakespeare, uncancelled } from '../../../golden/workbench.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-find-'))
const hashes = createFileHashes(built.hashEntry, join(folder, 'hashes.json'))

/** What is found of a model that lay elsewhere before, where a path now leads to what was read of it. */
async function soughtAt(path: string, kept: KeptModel, files: Partial<Model> = {}) {
  const model = await openedModel(path)
  model.reader.close()
  const look = () => Promise.resolve({ ...model, ...files })
  const asked = { ...kept, info: { ...kept.info, path: join('/gone', basename(path)) } }
  return findModel({ look }, hashes, asked, [], [path], uncancelled())
}

it('looks for a model where it may lie on this machine, and nowhere else', async () => {
  const own = join(folder, 'letters')
  cpSync(shakespeare, own, { recursive: true })
  const model = await openedModel(own)
  const kept = await keptWhole(model, hashes, uncancelled())
  model.reader.close()
  const looked: string[] = []
  const nothing = { found: null, notes: [] }
  const find = (path: string, recent: string[] = []) => {
    looked.length = 0
    const look = (path: string) => {
      looked.push(path)
      return Promise.resolve(model)
    }
    const asked = { ...kept, info: { ...kept.info, path } }
    const places = [join(folder, 'none')]
    return findModel({ look }, hashes, asked, places, recent, uncancelled())
  }
  expect(await stateOf(kept)).toBe('here')
  expect((await find(own)).found?.info.path).toBe(own)

  // Of two slashes, too, the system would make a path; on Windows it is another machine's.
  const elsewhere = `/${own}`
  const there = { ...kept, info: { ...kept.info, path: elsewhere } }
  expect(await stateOf(there)).toBe('missing')
  expect(
    await stateOf({ ...kept, files: kept.files.map(file => ({ ...file, path: `/${file.path}` })) })
  ).toBe('changed')
  expect(await find(elsewhere)).toEqual(nothing)
  expect(looked).toEqual([])
  expect(await find('letters')).toEqual(nothing)
  expect(looked).toEqual([])
  expect(await find('/gone/..', [own])).toEqual(nothing)
  expect(looked).toEqual([])
  expect((await find('/gone/letters', [own, '/gone/other'])).found?.info.path).toBe(own)
  expect(looked).toEqual([own])

  // A session that names models without end is not looked for without end.
  const gone = { ...kept, info: { ...kept.info, path: '/gone/letters' } }
  const named = [kept, ...Array.from({ length: 50 }, () => gone)]
  expect(await Array.fromAsync(modelsToSeek(named))).toEqual(Array.from({ length: 20 }, () => gone))
  rmSync(own, { recursive: true })
  expect(await stateOf(kept)).toBe('missing')
  // An empty folder holds no other model.
  mkdirSync(own)
  expect(await stateOf(kept)).toBe('missing')
  rmSync(own, { recursive: true })
})

it('takes a copy for a model where every byte of its files is the same, and a folder that was moved', async () => {
  const own = join(folder, 'letters')
  cpSync(shakespeare, own, { recursive: true })
  const model = await openedModel(own)
  model.reader.close()
  const kept = await keptWhole(model, hashes, uncancelled())
  const copy = join(folder, 'copy/letters')
  cpSync(own, copy, { recursive: true })
  const found = (await soughtAt(copy, kept)).found!
  // It is known again from there, too.
  expect(found.files.map(({ held }) => held)).toEqual(kept.files.map(({ held }) => held))

  // Of each file one bit, where no sample of it is taken, and as long as it was.
  const names = kept.files.map(({ held }) => held!.label)
  expect(names).toEqual(expect.arrayContaining(['model.safetensors', 'config.json']))
  for (const name of names) {
    const file = join(copy, name)
    const whole = readFileSync(file)
    const other = Buffer.from(whole)
    const at = Math.floor(whole.length / 3)
    other.writeUInt8(whole[at]! ^ 1, at)
    writeFileSync(file, other)
    const sought = await soughtAt(copy, kept).catch(() => null)
    expect(sought?.found ?? null, name).toBeNull()
    writeFileSync(file, whole)
  }
  expect((await soughtAt(copy, kept)).found).not.toBeNull()

  // What was not read whole is known where the system knows it.
  const unread = keptModel(model)
  expect(await soughtAt(copy, unread)).toEqual({
    found: null,
    notes: [
      `letters: what lies at ${copy} may be it; whether it is cannot be told, for its files were not read whole when the session was saved`
    ]
  })
  const moved = join(folder, 'moved/letters')
  mkdirSync(join(folder, 'moved'))
  renameSync(own, moved)
  expect((await soughtAt(moved, unread)).found?.info.path).toBe(moved)
  const there = (await soughtAt(moved, kept)).found!
  expect(there.files.map(({ held }) => held)).toEqual(kept.files.map(({ held }) => held))

  // One more file of it, or one that is read otherwise, is another model.
  const more = { ...kept, files: [...kept.files, kept.files[0]!] }
  expect(await soughtAt(moved, more)).toEqual({ found: null, notes: [] })
  const described = { ...kept, described: 'as another' }
  expect(await soughtAt(moved, described)).toEqual({ found: null, notes: [] })
  const untold = { ...kept, described: undefined }
  expect((await soughtAt(moved, untold)).found).not.toBeNull()
})

it('reads no large files that nobody pointed to', async () => {
  const model = await openedModel(shakespeare)
  model.reader.close()
  const { files, ...kept } = keptElsewhere(await keptWhole(model, hashes, uncancelled()), model)
  const large = { label: 'weights', size: 2 ** 30, path: '/none', mark: 'here', roots: [] }
  const held = { label: 'weights', bytes: 2 ** 30, sha256: 'none' }
  const asked = { ...kept, files: [...files, { path: '/there', mark: 'there', held }] }
  expect(await soughtAt(shakespeare, asked, { files: [...model.files, large] })).toEqual({
    found: null,
    notes: [
      expect.stringMatching(/may be it; point to it to have 1(\.\d+)? GB compared$/) as string
    ]
  })
})

it('says what cannot be read where it may lie, and nothing of where nothing lies', async () => {
  const own = join(folder, 'unread/letters')
  cpSync(shakespeare, own, { recursive: true })
  const model = await openedModel(own)
  model.reader.close()
  const kept = await keptWhole(model, hashes, uncancelled())
  const asked = { ...kept, files: kept.files.map(file => ({ ...file, mark: 'of a copy' })) }
  const seek = (look: () => Promise<Model>, of = hashes) =>
    findModel({ look }, of, asked, [], [], uncancelled())
  const refused = (code: ErrorCode) =>
    Promise.reject(new LamellaError(code, 'config.json: refused'))
  const unread = {
    found: null,
    notes: [`letters: what lies at ${own} cannot be read: config.json: refused`]
  }
  expect(await seek(() => refused('not-found'))).toEqual({ found: null, notes: [] })
  expect(await seek(() => refused('file-unreadable'))).toEqual(unread)
  const unhashed = { of: () => refused('file-changed') }
  expect(await seek(() => Promise.resolve(model), unhashed)).toEqual(unread)
})

it('says nothing of what else may be it once it is found, and looks for nothing that is given up', async () => {
  const own = join(folder, 'beside/letters')
  cpSync(shakespeare, own, { recursive: true })
  const model = await openedModel(own)
  model.reader.close()
  const kept = await keptWhole(model, hashes, uncancelled())
  const copy = join(folder, 'unreadable/letters')
  mkdirSync(copy, { recursive: true })
  const look = (path: string) =>
    path === copy
      ? Promise.reject(new LamellaError('file-unreadable', 'config.json: refused'))
      : Promise.resolve(model)
  const asked = { ...kept, info: { ...kept.info, path: '/gone/letters' } }
  const places = [join(folder, 'unreadable'), join(folder, 'beside')]
  const found = await findModel({ look }, hashes, asked, places, [], uncancelled())
  expect(found).toMatchObject({ found: { info: { path: own } }, notes: [] })
  const givenUp = findModel({ look }, hashes, asked, [], [], uncancelled(AbortSignal.abort()))
  await expect(givenUp).rejects.toThrow()
})
