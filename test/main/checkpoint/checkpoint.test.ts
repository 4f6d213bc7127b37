import { execFileSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, realpath, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openedFiles, outsideOf } from '../../bad/opened-files.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { outcome, temporaryFolder } from './temporary.ts'

const opened = openedFiles()

const oneByte = (value: number) => ({ dtype: 'U8', shape: [1], data: new Uint8Array([value]) })

/** A file that holds a one-byte tensor for each name, the byte being its place. */
function weights(...names: string[]): Uint8Array {
  return soundSafetensors(names.map((name, place) => ({ name, ...oneByte(place) })))
}

function index(weightMap: unknown): string {
  return JSON.stringify({ metadata: { total_size: 2 }, weight_map: weightMap })
}

/**
 * How opening a model in a folder ends, and that nothing outside the folder is opened on the way.
 * @param read what is
 */
async function refusal(folder: string, read = [indexName]): Promise<unknown> {
  opened()
  const result = await outcome(openCheckpoint(folder))
  const seen = opened()
  for (const name of read) expect(seen).toContain(join(folder, name))
  expect(outsideOf(folder, seen)).toEqual([])
  return result
}

/** Writes files under a folder; text or bytes by relative path. */
async function fill(folder: string, files: Record<string, string | Uint8Array>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  return fill(await temporaryFolder(), files)
}

const indexName = 'model.safetensors.index.json'

describe('a folder', () => {
  it('opens by its standard file, whatever else is there', async () => {
    const folder = await folderOf({
      'model.safetensors': weights('a'),
      [indexName]: 'not read',
      'golden.safetensors': weights('other')
    })
    const checkpoint = await openCheckpoint(folder)
    expect([...checkpoint.tensors.keys()]).toEqual(['a'])
    expect(checkpoint.path).toBe(folder)
    expect(checkpoint.files).toMatchObject([{ path: join(folder, 'model.safetensors'), size: 62 }])
  })

  it('opens by the only weights file it has', async () => {
    const folder = await folderOf({ 'mine.safetensors': weights('a'), 'config.json': '{}' })
    expect([...(await openCheckpoint(folder)).tensors.keys()]).toEqual(['a'])
  })

  it('of several weights files is refused', async () => {
    const folder = await folderOf({ 'b.safetensors': weights(), 'a.safetensors': weights() })
    expect(await outcome(openCheckpoint(folder))).toMatch(
      /^file-invalid: lamella-checkpoint-\w+: holds several files of weights and none has a standard name: "a.safetensors", "b.safetensors"$/
    )
  })

  it('without weights, that is missing, or is a link to itself is refused', async () => {
    const folder = await temporaryFolder()
    expect(await outcome(openCheckpoint(folder))).toMatch(/^not-found: .+: holds no weights/)
    expect(await outcome(openCheckpoint(join(folder, 'none')))).toBe(
      `not-found: ${join(folder, 'none')}: does not exist`
    )
    await symlink('loop', join(folder, 'loop'))
    expect(await outcome(openCheckpoint(join(folder, 'loop')))).toBe(
      `file-unreadable: ${join(folder, 'loop')}: is a link that leads back to itself`
    )
    await expect(openCheckpoint(join(folder, 'loop'))).rejects.toMatchObject({
      hint: 'Put the file itself in its place.'
    })
  })

  it('of endless files is left early', async () => {
    const folder = await temporaryFolder()
    for (let i = 0; i < 20_000; i++) closeSync(openSync(join(folder, `${i}`), 'w'))
    expect(await outcome(openCheckpoint(folder))).toMatch(
      /^unsupported: .+: holds more than 20000 files and none has a standard name$/
    )
    await writeFile(join(folder, 'model.safetensors'), weights('a'))
    expect((await openCheckpoint(folder)).tensors.size).toBe(1)
  })

  it('may be reached through a link, as may a file', async () => {
    const folder = await folderOf({ 'real/model.safetensors': weights('a') })
    await symlink('real', join(folder, 'link'))
    await symlink('real/model.safetensors', join(folder, 'link.safetensors'))
    for (const link of ['link', 'link.safetensors']) {
      const { tensors } = await openCheckpoint(join(folder, link))
      expect(tensors.get('a')!.file.path).toBe(join(folder, 'real/model.safetensors'))
    }
  })
})

describe('shards', () => {
  const shards = { 'x.safetensors': weights('a', 'b'), 'sub/y.safetensors': weights('c', 'extra') }

  it('are read as one, with tensors that the index does not list', async () => {
    const map = { a: 'x.safetensors', b: 'x.safetensors', c: 'sub/y.safetensors' }
    const folder = await folderOf({ ...shards, [indexName]: index(map) })
    for (const path of [folder, join(folder, indexName)]) {
      const { tensors, files } = await openCheckpoint(path)
      expect([...tensors.keys()]).toEqual(['a', 'b', 'c', 'extra'])
      expect(files.map(file => file.path)).toEqual([
        join(folder, 'x.safetensors'),
        join(folder, 'sub/y.safetensors')
      ])
      expect(await readFloat32(tensors.get('extra')!)).toEqual(new Float32Array([1]))
    }
  })

  it('join their metadata', async () => {
    const folder = await folderOf({
      'x.safetensors': soundSafetensors([{ name: 'a', ...oneByte(1) }], { format: 'pt', x: '1' }),
      'y.safetensors': soundSafetensors([{ name: 'b', ...oneByte(2) }], { format: 'pt', y: '2' }),
      [indexName]: index({ a: 'x.safetensors', b: 'y.safetensors' })
    })
    expect(Object.fromEntries((await openCheckpoint(folder)).metadata)).toEqual({
      format: 'pt',
      x: '1',
      y: '2'
    })
  })

  const outside = 'is not a plain path inside the model folder'
  const secret = join(tmpdir(), 'lamella-secret.safetensors')
  it.each([
    ['missing', index({ a: 'z.safetensors' }), 'the shard "z.safetensors" is missing'],
    [
      'without their tensor',
      index({ a: 'x.safetensors', q: 'x.safetensors' }),
      'tensor "q" is listed in "x.safetensors" but is not there'
    ],
    [
      'with each other’s tensor',
      index({ a: 'x.safetensors', c: 'x.safetensors', extra: 'sub/y.safetensors' }),
      'tensor "c" is listed in "x.safetensors" but is in "sub/y.safetensors"'
    ],
    ['above', index({ a: '../x.safetensors' }), `the shard "../x.safetensors": ${outside}`],
    ['above later', index({ a: 'sub/../../x' }), `the shard "sub/../../x": ${outside}`],
    ['absolute', index({ a: secret }), `the shard "${secret}": ${outside}`],
    ['on a drive', index({ a: 'C:\\x' }), `the shard "C:\\x": ${outside}`],
    ['on a drive’s own folder', index({ a: 'C:x' }), `the shard "C:x": ${outside}`],
    ['on a host', index({ a: '\\\\host\\share' }), `the shard "\\\\host\\share": ${outside}`],
    ['on a host, slashed', index({ a: '//host/share' }), `the shard "//host/share": ${outside}`],
    [
      'with a zero byte',
      index({ a: 'x\0.safetensors' }),
      `the shard "x\\u{0}.safetensors": ${outside}`
    ],
    ['empty', index({ a: '' }), `the shard "": ${outside}`],
    ['a folder', index({ a: 'sub' }), 'sub: is a folder, not a file'],
    ['not named', index({ a: 1 }), 'the shard of tensor "a" is not a file name'],
    ['none', index({}), 'the weight_map is empty'],
    ['in a list', index(['x.safetensors']), 'has no weight_map that is an object'],
    ['without a map', '{}', 'has no weight_map that is an object'],
    ['listed twice', '{"weight_map":{"a":"x","a":"x"}}', 'has the duplicate key "a"'],
    ['cut off', '{"weight_map":{"a":"x', 'ends in the middle of a string']
  ])('that are %s are refused', async (_, content, error) => {
    // Each of the places outside holds a file that would be read well.
    await writeFile(secret, weights('a'))
    const root = await folderOf({ 'x.safetensors': weights('a'), x: weights('a') })
    const folder = join(root, 'model')
    await fill(folder, { ...shards, [indexName]: content })
    for (const name of ['C:\\x', 'C:x', '\\\\host\\share'])
      await writeFile(join(folder, name), weights('a'))
    const name = error.startsWith('sub:') ? '' : `${indexName}: `
    const code = error.endsWith('missing') ? 'not-found' : 'file-invalid'
    expect(await refusal(folder)).toBe(`${code}: ${name}${error}`)
  })

  it('that share a tensor the index does not list are refused', async () => {
    const folder = await folderOf({
      'x.safetensors': weights('a', 'both'),
      'y.safetensors': weights('c', 'both'),
      [indexName]: index({ a: 'x.safetensors', c: 'y.safetensors' })
    })
    expect(await outcome(openCheckpoint(folder))).toBe(
      `file-invalid: ${indexName}: tensor "both" is in both x.safetensors and y.safetensors and not in the weight_map`
    )
  })
})

describe.skipIf(process.platform === 'win32')('links and special files', () => {
  it('that lead outside the folder are not opened', async () => {
    const folder = await folderOf({
      'secret.safetensors': weights('a'),
      'model/config.json': '{}',
      [`model/${indexName}`]: index({ a: 'x.safetensors' })
    })
    await symlink('../secret.safetensors', join(folder, 'model/x.safetensors'))
    expect(await refusal(join(folder, 'model'))).toBe(
      `file-invalid: ${indexName}: the shard x.safetensors: leads outside the model folder, and is not opened`
    )
    await symlink('../secret.safetensors', join(folder, 'model/model.safetensors'))
    expect(await refusal(join(folder, 'model'), [])).toBe(
      'file-invalid: model.safetensors: leads outside the model folder, and is not opened'
    )
  })

  it('a linked parent folder leads outside too', async () => {
    const folder = await folderOf({
      'secret/x.safetensors': weights('a'),
      [`model/${indexName}`]: index({ a: 'sub/x.safetensors' })
    })
    await symlink('../secret', join(folder, 'model/sub'))
    expect(await refusal(join(folder, 'model'))).toBe(
      `file-invalid: ${indexName}: the shard x.safetensors: leads outside the model folder, and is not opened`
    )
  })

  it('of the Hugging Face cache are followed, and only to its blobs', async () => {
    const model = 'models--who--what'
    const root = await folderOf({
      [`${model}/blobs/1a2b`]: weights('a'),
      [`${model}/blobs/3c4d`]: index({ a: 'model-1.safetensors' }),
      [`${model}/refs/main`]: 'abc',
      'models--other/blobs/1a2b': weights('a')
    })
    const snapshot = join(root, model, 'snapshots/abc')
    await mkdir(snapshot, { recursive: true })
    await symlink('../../blobs/3c4d', join(snapshot, indexName))
    await symlink('../../blobs/1a2b', join(snapshot, 'model-1.safetensors'))
    for (const path of [snapshot, join(snapshot, indexName)])
      expect((await openCheckpoint(path)).tensors.get('a')!.file.path).toBe(
        join(root, model, 'blobs/1a2b')
      )
    await truncate(join(root, model, 'blobs/1a2b'), 3)
    expect(await outcome(openCheckpoint(snapshot))).toBe(
      'file-invalid: model-1.safetensors: 3 bytes are too few for a safetensors file, which has at least 8'
    )
    for (const target of ['../../../models--other/blobs/1a2b', '../../refs/main']) {
      await rename(join(snapshot, 'model-1.safetensors'), join(root, `old-${target.length}`))
      await symlink(target, join(snapshot, 'model-1.safetensors'))
      expect(await outcome(openCheckpoint(snapshot))).toMatch(/leads outside the model folder/)
    }
  })

  it('a named pipe is refused at once', async () => {
    const folder = await folderOf({ [indexName]: index({ a: 'pipe' }) })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: pipe: is a named pipe, not a file'
    )
    expect(await outcome(openCheckpoint(join(folder, 'pipe')))).toBe(
      'file-invalid: pipe: is neither a file nor a folder'
    )
    await rename(join(folder, 'pipe'), join(folder, 'model.safetensors'))
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: model.safetensors: is a named pipe, not a file'
    )
  })

  it('a device is refused', async () => {
    const zero = await realpath('/dev/zero')
    expect(await outcome(openCheckpoint(zero))).toBe(
      'file-invalid: zero: is neither a file nor a folder'
    )
  })

  it('a folder called model.safetensors is refused', async () => {
    const folder = await folderOf({ 'model.safetensors/x': '' })
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: model.safetensors: is a folder, not a file'
    )
  })
})
