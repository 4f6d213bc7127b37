import { execFileSync } from 'node:child_process'
import {
  cpSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, type TensorEntry } from '../../../src/main/checkpoint/checkpoint.ts'
import { readOnnxStructure } from '../../../src/main/checkpoint/onnx-structure.ts'
import { readWindow } from '../../../src/main/checkpoint/read-window.ts'
import {
  readBytes,
  readFloat32,
  readPieces,
  readRowMajor,
  readRows
} from '../../../src/main/checkpoint/read.ts'
import { storedRows } from '../../../src/main/engine/stored-rows.ts'
import { checkUnchanged } from '../../../src/main/files/known-file.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { outcome, temporaryFolder } from './temporary.ts'

const changed = 'file-changed: model.safetensors: changed since it was opened'
const gone = 'not-found: model.safetensors: is no longer where it was opened'

/** A file of one tensor, large enough for several pieces, all of one number. */
const fileOf = (value: number) =>
  soundSafetensors([
    {
      name: 'w',
      dtype: 'F32',
      shape: [2 ** 11, 2 ** 10],
      data: new Uint8Array(new Float32Array(2 ** 21).fill(value).buffer)
    }
  ])

/** Every way to read weights. */
const readers: Readonly<Record<string, (entry: TensorEntry) => Promise<unknown>>> = {
  'all bytes': readBytes,
  'some bytes': entry => readBytes(entry, { start: 4, end: 8 }),
  rows: entry => readRows(entry, [0, 5]),
  'rows in the engine': ({ file, offset, dtype }) =>
    storedRows({ rows: [0, 5], matrix: { file, offset, dtype, width: 2 ** 10 }, scale: 1 }),
  floats: readFloat32,
  'row by row': readRowMajor,
  pieces: entry => readPieces(entry, () => undefined),
  'a window': entry => readWindow(entry, { start: [0, 0], size: [2, 2], transposed: false }),
  'columns first': entry => readRowMajor({ ...entry, strides: [1, 2 ** 11] }),
  'rows of columns': entry => readRows({ ...entry, strides: [1, 2 ** 11] }, [1]),
  'a graph': entry => readOnnxStructure(entry.file),
  nothing: entry => checkUnchanged(entry.file)
}

const makePipe = (path: string) => execFileSync('mkfifo', [path])

/** What may become of a file while it is open. */
const changes: Readonly<Record<string, (path: string) => void>> = {
  'is written anew, of the same size, and set back in time': path => {
    const { atime, mtime } = statSync(path)
    writeFileSync(path, fileOf(2), { flag: 'r+' })
    utimesSync(path, atime, mtime)
  },
  'is replaced by one of the same size and time': path => {
    const { atime, mtime } = statSync(path)
    writeFileSync(`${path}.new`, fileOf(2))
    utimesSync(`${path}.new`, atime, mtime)
    renameSync(`${path}.new`, path)
  },
  'is a copy of itself': path => {
    cpSync(path, `${path}.new`, { preserveTimestamps: true })
    renameSync(`${path}.new`, path)
  },
  'lies behind a folder that is a link now': path => {
    const folder = join(path, '..')
    cpSync(folder, `${folder}-other`, { recursive: true, preserveTimestamps: true })
    renameSync(folder, `${folder}-away`)
    symlinkSync(`${folder}-other`, folder)
  },
  'is shorter': path => truncateSync(path, 1000)
}

/** What may take its place that is no file. */
const places: Readonly<Record<string, [(path: string) => void, string]>> = {
  nothing: [() => undefined, gone],
  'a link to /dev/zero': [
    path => symlinkSync('/dev/zero', path),
    'file-invalid: model.safetensors: is a link, not a file'
  ],
  'a named pipe': [makePipe, 'file-invalid: model.safetensors: is a named pipe, not a file']
}

async function opened(): Promise<{ path: string; entry: TensorEntry }> {
  const folder = join(await temporaryFolder(), 'model')
  const path = join(folder, 'model.safetensors')
  cpSync(await written(), folder, { recursive: true })
  // A whole second can be set again exactly.
  utimesSync(path, 1000, 1000)
  return { path, entry: (await openCheckpoint(folder)).tensors.get('w')! }
}

async function written(): Promise<string> {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'model.safetensors'), fileOf(1))
  return folder
}

describe('a file that was opened', () => {
  it.each(Object.keys(changes))('and then %s is refused by every reader', async change => {
    const { path, entry } = await opened()
    changes[change]!(path)
    for (const [reader, read] of Object.entries(readers))
      expect(await outcome(read(entry)), reader).toBe(changed)
  })

  it.each(Object.keys(places))('and has %s in its place is refused by every reader', async what => {
    const { path, entry } = await opened()
    const [put, error] = places[what]!
    rmSync(path)
    put(path)
    for (const [reader, read] of Object.entries(readers))
      expect(await outcome(read(entry)), reader).toBe(
        reader === 'nothing' && error !== gone ? changed : error
      )
  })

  it('and is written while it is read is refused', async () => {
    const { path, entry } = await opened()
    let pieces = 0
    const reading = readPieces(entry, () => {
      if (pieces++ === 0) changes['is written anew, of the same size, and set back in time']!(path)
    })
    expect(await outcome(reading)).toBe(changed)
    expect(pieces).toBeGreaterThan(1)
  })

  it('and is as it was is read', async () => {
    const { entry } = await opened()
    expect((await readFloat32(entry)).every(value => value === 1)).toBe(true)
  })

  it('a moment after it was written is told from what is written a moment later', async () => {
    const { path } = await opened()
    for (let round = 0; round < 20; round++) {
      writeFileSync(path, fileOf(round), { flag: 'r+' })
      const entry = (await openCheckpoint(path)).tensors.get('w')!
      writeFileSync(path, fileOf(-1), { flag: 'r+' })
      expect(await outcome(readFloat32(entry))).toBe(changed)
    }
  })
})
