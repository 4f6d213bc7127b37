import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dict, storage, tensor, whole } from '../../bad/pickle.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { torchZip } from '../../bad/zip.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32, readRowMajor, readRows } from '../../../src/main/checkpoint/read.ts'
import { fourFloats, openBytes, outcome, temporaryFolder } from './temporary.ts'

const goldens = join(import.meta.dirname, '../../golden/torch')

describe('a file that PyTorch wrote', async () => {
  const files = (await readdir(goldens)).filter(file => file.endsWith('.expected.safetensors'))

  it.each(files)('gives every tensor of %s bit for bit', async file => {
    const expected = await openCheckpoint(join(goldens, file))
    const got = await openCheckpoint(join(goldens, file.replace('.expected.safetensors', '')))
    expect(got.format).toBe('pytorch')
    expect([...got.tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort())
    for (const [key, entry] of expected.tensors) {
      const tensor = got.tensors.get(key)!
      expect(tensor).toMatchObject({ dtype: entry.dtype, shape: entry.shape })
      expect(await readRowMajor(tensor), key).toEqual(await readRowMajor(entry))
      expect(await readFloat32(tensor), key).toEqual(await readFloat32(entry))
    }
  })

  it.each(['evil_global.pth', 'evil_legacy.pth'])(
    'and that would run a command, %s, is refused',
    async file => {
      expect(await outcome(openCheckpoint(join(goldens, file)))).toBe(
        `unsupported: ${file}: the pickle names posix.system, which is not allowed in weights`
      )
      expect(await readdir('.')).not.toContain('lamella-canary')
    }
  )

  it('as a whole module gives the tensors of its state dict', async () => {
    const { tensors } = await openCheckpoint(join(goldens, 'whole_module.pth'))
    const shapes = [...tensors].map(([key, { shape }]) => [key, shape])
    expect(Object.fromEntries(shapes)).toEqual({
      '0.weight': [3, 4],
      '0.bias': [3],
      '1.weight': [3],
      '1.bias': [3]
    })
  })

  it('stores tied tensors once', async () => {
    const { tensors } = await openCheckpoint(join(goldens, 'tied.bin'))
    const [a, b] = [...tensors.values()]
    expect(a!.name).toBe('wte.weight')
    expect(b).toBe(a)
  })

  it('counts what lies in one storage otherwise apart', async () => {
    const { tensors } = await openCheckpoint(join(goldens, 'views.pth'))
    for (const [key, { name }] of tensors) expect(name).toBe(key)
  })

  it('gives rows of views', async () => {
    const { tensors } = await openCheckpoint(join(goldens, 'views.pth'))
    for (const tensor of tensors.values()) {
      const all = await readFloat32(tensor)
      const width = all.length / tensor.shape[0]!
      const rows = [2, 0, 2]
      const expected = rows.flatMap(row => [...all.subarray(row * width, (row + 1) * width)])
      expect(await readRows(tensor, rows), tensor.name).toEqual(new Float32Array(expected))
    }
  })
})

describe('names and folders', () => {
  const file = torchZip(whole(dict({ w: tensor() })), { 0: fourFloats })
  const safetensors = soundSafetensors([
    { name: 's', dtype: 'U8', shape: [1], data: new Uint8Array(1) }
  ])

  it('safetensors under a PyTorch ending, and files without one, open by what they are', async () => {
    expect((await openBytes(safetensors, 'pytorch_model.bin')).format).toBe('safetensors')
    expect((await openBytes(safetensors, '1a2b3c')).format).toBe('safetensors')
    expect((await openBytes(file, '1a2b3c')).format).toBe('pytorch')
  })

  it('a pickle under another ending is refused', async () => {
    expect(await outcome(openBytes(file, 'm.safetensors'))).toMatch(
      /^file-invalid: m.safetensors: header length/
    )
    expect(await outcome(openBytes(file, 'm.onnx'))).toBe(
      'file-invalid: m.onnx: is not an ONNX model, or is damaged: no field begins at byte 2'
    )
  })

  it('shards of an index are read as one', async () => {
    const folder = await temporaryFolder()
    const shard = (key: string) => torchZip(whole(dict({ [key]: tensor() })), { 0: fourFloats })
    await writeFile(join(folder, 'a.bin'), shard('a'))
    await writeFile(join(folder, 'b.bin'), shard('b'))
    const index = JSON.stringify({ weight_map: { a: 'a.bin', b: 'b.bin' } })
    await writeFile(join(folder, 'pytorch_model.bin.index.json'), index)
    const { tensors, format, files } = await openCheckpoint(folder)
    expect([...tensors.keys()]).toEqual(['a', 'b'])
    expect(format).toBe('pytorch')
    expect(files).toHaveLength(2)
  })

  it('a folder opens by the file that is far larger than all others', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'runs'))
    const data = new Float32Array(4000)
    const big = tensor({ storage: storage('0', 4000), shape: [4000] })
    const model = torchZip(whole(dict({ big })), { 0: new Uint8Array(data.buffer) })
    await writeFile(join(folder, 'mine.pth'), model)
    await writeFile(join(folder, 'golden.safetensors'), safetensors)
    await writeFile(join(folder, 'optimizer.pt'), Buffer.alloc(1_000_000))
    expect([...(await openCheckpoint(folder)).tensors.keys()]).toEqual(['big'])
  })
})
