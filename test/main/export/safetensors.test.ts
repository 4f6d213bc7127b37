import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../../src/main/checkpoint/safetensors.ts'
import { type StoredTensor, writeSafetensors } from '../../../src/main/export/safetensors.ts'
import { namedFile } from '../../../src/main/files/folder.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-export-'))
  path = join(folder, 'x.safetensors')
})

const tensors: Record<string, StoredTensor> = {
  tokens: { dtype: 'I64', shape: [3], data: BigInt64Array.of(5n, -1n, 2n ** 62n) },
  half: { dtype: 'F16', shape: [1, 3], data: Uint16Array.of(1, 2, 3) },
  'blocks.0.attn.hook_pattern': {
    dtype: 'F32',
    shape: [1, 2, 2],
    data: new Float32Array([9, 1, -0, 0.5, Number.NaN]).subarray(1)
  },
  'sch"ön ש': { dtype: 'U8', shape: [], data: Uint8Array.of(7) },
  empty: { dtype: 'F64', shape: [0, 4], data: new Float64Array(0) }
}
const get = (name: string): StoredTensor => tensors[name] ?? expect.fail(`asked for ${name}`)

describe('writing safetensors', () => {
  it('writes what the reader reads back, byte for byte', async () => {
    await writeSafetensors(path, Object.keys(tensors), get)
    const read = await readSafetensors(await namedFile(path))
    expect([...read.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort())
    const bytes = await readFile(path)
    for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
      const entry = read.tensors.get(name) ?? expect.fail(name)
      expect(entry).toMatchObject({ dtype, shape, byteLength: data.byteLength })
      const stored = bytes.subarray(entry.offset, entry.offset + entry.byteLength)
      expect(stored).toEqual(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    }
    expect(read.tensors.get('tokens')?.offset).toSatisfy((offset: number) => offset % 8 === 0)
  })

  it('asks for one tensor after the other, and writes many', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `blocks.${i}.hook_resid_pre`)
    let asked = 0
    let busy = 0
    await writeSafetensors(path, names, async () => {
      expect(++busy).toBe(1)
      await new Promise(resolve => setImmediate(resolve))
      busy--
      return { dtype: 'F32', shape: [2], data: Float32Array.of(asked++, 0) }
    })
    const { tensors: read } = await readSafetensors(await namedFile(path))
    const last = read.get('blocks.499.hook_resid_pre') ?? expect.fail('last')
    expect((await readFile(path)).readFloatLE(last.offset)).toBe(499)
  })

  it('replaces a file only when all is written', async () => {
    await writeFile(path, 'old')
    const failing = writeSafetensors(path, ['half', 'gone'], name => {
      if (name === 'gone') throw new Error('engine died')
      return get(name)
    })
    await expect(failing).rejects.toThrow('engine died')
    expect(await readFile(path, 'utf8')).toBe('old')
    await writeSafetensors(path, ['half'], get)
    expect((await readSafetensors(await namedFile(path))).tensors.size).toBe(1)
    expect(await readdir(folder)).toEqual(['x.safetensors'])
  })

  it('refuses data that does not fit its shape', async () => {
    const wrong = { dtype: 'F32', shape: [2, 2], data: new Float32Array(3) } as const
    await expect(writeSafetensors(path, ['w'], () => wrong)).rejects.toThrow(
      `${path}: w: 12 bytes, expected 16 for F32 [2, 2]`
    )
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses one name twice', async () => {
    await expect(writeSafetensors(path, ['half', 'half'], get)).rejects.toThrow('two tensors')
  })

  it('names a file that cannot be written', async () => {
    const nowhere = join(folder, 'no', 'x.safetensors')
    await expect(writeSafetensors(nowhere, ['half'], get)).rejects.toThrow(
      `${join(folder, 'no')}: there is no such folder`
    )
  })
})
