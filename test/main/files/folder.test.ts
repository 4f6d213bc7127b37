import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import {
  fileInFolder,
  folderAbove,
  isInside,
  namedFile,
  openFolder,
  type FilePlace
} from '../../../src/main/files/folder.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { readExactly, withFile, withKnownFile } from '../../../src/main/files/open-file.ts'
import type { OpenFile } from '../../../src/main/files/open-file.ts'
import { pathAgain } from '../../../src/main/files/path-of.ts'
import { outcome, temporaryFolder } from '../checkpoint/temporary.ts'

/** A model in a folder, with a file in it and one in a folder below, and a secret beside with files of those names. */
async function modelAndSecret() {
  const root = await temporaryFolder()
  for (const [folder, text] of [
    ['model', 'mine'],
    ['secret', 'SECRET']
  ] as const) {
    mkdirSync(join(root, folder, 'sub'), { recursive: true })
    writeFileSync(join(root, folder, 'w.bin'), text)
    writeFileSync(join(root, folder, 'sub/w.bin'), text)
  }
  return { model: join(root, 'model'), secret: join(root, 'secret'), away: join(root, 'away') }
}

async function textOf(file: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(file.size)
  await readExactly(file, 0, bytes)
  return bytes.toString()
}

/** Puts a link in a folder's place. */
function replace(folder: string, away: string, target: string): void {
  renameSync(folder, away)
  symlinkSync(target, folder)
}

describe('a folder that was opened', () => {
  it.each<[string, string, string]>([
    ['model', '.', '.'],
    ['sub', 'sub', 'sub']
  ])('and then becomes a link (%s) is not followed to another', async (_, below, target) => {
    const { model, secret, away } = await modelAndSecret()
    const folder = await openFolder(model)
    const place = await fileInFolder(folder, 'sub/w.bin')
    const known = await knownFile(place)
    replace(join(model, below), away, join(secret, target))
    const outside =
      'file-changed: sub/w.bin: lies no longer in the folder that was opened, and is not read'
    expect(await outcome(withFile(place, textOf))).toBe(outside.replace('sub/', ''))
    expect(await outcome(withKnownFile(known, textOf))).toBe(
      'file-changed: w.bin: changed since it was opened'
    )
    expect(await outcome(fileInFolder(folder, 'sub/w.bin'))).toBe(
      'file-invalid: w.bin: leads outside the model folder, and is not opened'
    )
  })

  it('and then gives way to another of its name is not taken for it', async () => {
    const { model, secret, away } = await modelAndSecret()
    const folder = await openFolder(model)
    renameSync(model, away)
    renameSync(secret, model)
    const place = await fileInFolder(folder, 'w.bin')
    expect(await outcome(withFile(place, textOf))).toBe(
      'file-changed: w.bin: lies no longer in the folder that was opened, and is not read'
    )
  })

  it('by a link is the folder that it leads to', async () => {
    const { model, away } = await modelAndSecret()
    symlinkSync(model, away)
    const folder = await openFolder(away)
    expect(folder.path).toBe(model)
    expect(await withFile(await fileInFolder(folder, 'w.bin'), textOf)).toBe('mine')
    expect(await withFile(await namedFile(join(away, 'w.bin')), textOf)).toBe('mine')
  })

  it('lies in the one above it, unless it was moved', async () => {
    const { model, secret, away } = await modelAndSecret()
    const sub = await openFolder(join(model, 'sub'))
    expect((await folderAbove(sub)).path).toBe(model)
    replace(model, away, secret)
    expect(await outcome(folderAbove(sub))).toBe(
      'file-changed: sub: another folder has taken its place since it was opened'
    )
  })

  it('is told from another also where the system does not say where an open file lies', async () => {
    const { model, secret, away } = await modelAndSecret()
    const path = join(model, 'w.bin')
    const handle = await open(path)
    onTestFinished(() => handle.close())
    expect(await pathAgain(handle, path)).toBe(path)
    replace(model, away, secret)
    expect(await pathAgain(handle, path)).toBeNull()
    const other = await open(path)
    onTestFinished(() => other.close())
    expect(await pathAgain(other, path)).toBe(join(secret, 'w.bin'))
  })
})

describe('a path', () => {
  it.each([
    ['/a', '/a/b', true],
    ['/a', '/a/..b', true],
    ['/a', '/a', false],
    ['/a', '/', false],
    ['/a', '/ab', false],
    ['/a', '/a/../b', false],
    ['/', '/a', true]
  ])('is inside %s: %s: %s', (folder, path, expected) => {
    expect(isInside(folder, path)).toBe(expected)
  })
})

describe('a folder called blobs beside', () => {
  it.each([
    ['models--a', 'snapshots', 'mine'],
    ['models--a', 'others', /leads outside/],
    ['a', 'snapshots', /leads outside/]
  ])(
    'is of a snapshot of the Hugging Face cache alone: %s/%s',
    async (model, snapshots, expected) => {
      const root = await temporaryFolder()
      const folder = join(root, model, snapshots, 'rev')
      for (const path of [folder, join(root, model, 'blobs')]) mkdirSync(path, { recursive: true })
      writeFileSync(join(root, model, 'blobs/1a'), 'mine')
      symlinkSync('../../blobs/1a', join(folder, 'w.bin'))
      const opened = await openFolder(folder)
      const text = async () => withFile(await fileInFolder(opened, 'w.bin'), textOf)
      expect(await outcome(text())).toMatch(expected)
    }
  )
})

/** How often something was read while another process swaps a folder for a link, and how it ended. */
async function raced(
  swapped: readonly [folder: string, away: string, target: string],
  read: () => Promise<string>
): Promise<Map<string, number>> {
  const swapper = spawn(process.execPath, [join(import.meta.dirname, 'swapper.ts'), ...swapped])
  onTestFinished(async () => {
    swapper.kill('SIGKILL')
    // It swaps until it is gone, which keeps its folder from being removed.
    if (swapper.exitCode === null && swapper.signalCode === null) await once(swapper, 'exit')
  })
  await once(swapper.stdout, 'data')
  const ends = new Map<string, number>()
  for (let i = 0; i < 4000; i++) {
    const end = await read().catch((error: unknown) => {
      if (error instanceof LamellaError) return error.code
      throw error
    })
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  expect(swapper.exitCode).toBeNull()
  return ends
}

describe('while a folder is swapped for a link and back, nothing outside is read', () => {
  it.each<[string, (folder: string) => [string, string]]>([
    ['the model folder itself', model => [model, 'w.bin']],
    ['a folder in it', model => [join(model, 'sub'), 'sub/w.bin']]
  ])('%s', async (_, of) => {
    const { model, secret, away } = await modelAndSecret()
    const [swapped, name] = of(model)
    const folder = await openFolder(model)
    const target = swapped === model ? secret : join(secret, basename(swapped))
    const place: FilePlace = await fileInFolder(folder, name)
    const known = await knownFile(place)
    const ways = [
      async () => withFile(await fileInFolder(folder, name), textOf),
      () => withFile(place, textOf),
      () => withKnownFile(known, textOf)
    ]
    let turn = 0
    const ends = await raced([swapped, away, target], () => ways[turn++ % ways.length]!())
    expect(ends.get('mine')).toBeGreaterThan(0)
    expect(ends.get('file-invalid')).toBeGreaterThan(0)
    expect(ends.get('SECRET')).toBeUndefined()
  })
})
