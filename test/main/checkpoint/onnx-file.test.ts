import { mkdir, readFile, realpath, symlink, truncate, writeFile } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readOnnxStructure } from '../../../src/main/checkpoint/onnx-structure.ts'
import { readFloat32, readRows } from '../../../src/main/checkpoint/read.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { badOnnx, deepGraph, externalTensor, onnxFile, tensorOf } from '../../bad/onnx.ts'
import { openedFiles, outsideOf } from '../../bad/opened-files.ts'
import { outcome, temporaryFolder } from './temporary.ts'
import { processorTime } from '../../time-taken.ts'

const none = new Uint8Array()
const opened = openedFiles()
const golden = fileURLToPath(new URL('../../golden/', import.meta.url))

/** A folder with what the bad files point at: `data`, a folder, and links to secrets outside. */
async function modelFolder(file: Uint8Array, name = 'model.onnx'): Promise<string> {
  const root = await temporaryFolder()
  const outside = join(root, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'secret'), new Uint8Array(16))
  const folder = join(root, 'model')
  await mkdir(join(folder, 'folder'), { recursive: true })
  await symlink(outside, join(folder, 'link'))
  await symlink('../outside', join(folder, 'linked'))
  await symlink('../outside/secret', join(folder, 'linked-file'))
  await writeFile(join(folder, 'data'), new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer))
  await mkdir(join(folder, name, '..'), { recursive: true })
  await writeFile(join(folder, name), file)
  return folder
}

async function first(file: Uint8Array): Promise<Float32Array> {
  const { tensors } = await openCheckpoint(await modelFolder(file))
  return readFloat32(tensors.get('w')!)
}

describe('an ONNX model as a checkpoint', () => {
  it('lists initializers, and says what the model is', async () => {
    const { format, tensors, metadata } = await openCheckpoint(join(golden, 'onnx-gpt2'))
    expect(format).toBe('onnx')
    expect(tensors.size).toBe(41)
    expect(tensors.get('m.transformer.h.0.attn.c_attn.weight')).toMatchObject({
      dtype: 'F32',
      shape: [48, 144],
      byteLength: 27648
    })
    expect(Object.fromEntries(metadata)).toMatchObject({
      producer: 'pytorch',
      opset: 'ai.onnx 17',
      inputs: 'input_ids, attention_mask',
      outputs: 'logits'
    })
  })

  it('reads the weights that the same model has as safetensors', async () => {
    const onnx = await openCheckpoint(join(golden, 'onnx-gpt2/model.onnx'))
    const other = await openCheckpoint(join(golden, 'gpt2'))
    const name = 'transformer.h.1.mlp.c_fc.weight'
    const expected = await readFloat32(other.tensors.get(name)!)
    expect(await readFloat32(onnx.tensors.get(`m.${name}`)!)).toEqual(expected)
    const rows = await readRows(onnx.tensors.get(`m.${name}`)!, [3, 0])
    expect(rows).toEqual(
      Float32Array.from([...expected.subarray(3 * 192, 4 * 192), ...expected.subarray(0, 192)])
    )
  })

  const raw = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  it.each([
    ['raw_data', tensorOf({ rawData: raw(new Float32Array([1, 2, 3, 4])) }), [1, 2, 3, 4]],
    ['float_data', tensorOf({ rawData: none, floatData: [1, -2, 0.5, 4] }), [1, -2, 0.5, 4]],
    [
      'double_data',
      tensorOf({ dataType: 11, rawData: none, doubleData: [1, -2, 0.5, 4] }),
      [1, -2, 0.5, 4]
    ],
    [
      'int64_data',
      tensorOf({ dataType: 7, rawData: none, int64Data: [1n, -1n, 2n ** 31n, -(2n ** 62n)] }),
      [1, -1, 2 ** 31, -(2 ** 62)]
    ],
    [
      'int32_data of int8',
      tensorOf({ dataType: 3, rawData: none, int32Data: [1, -1, 127, -128] }),
      [1, -1, 127, -128]
    ],
    [
      'int32_data of float16',
      tensorOf({ dataType: 10, rawData: none, int32Data: [0x3c00, 0xbc00, 0x3800, 0] }),
      [1, -1, 0.5, 0]
    ],
    [
      'uint64_data of uint32',
      tensorOf({ dataType: 12, rawData: none, uint64Data: [1n, 2n, 3n, 2n ** 32n - 256n] }),
      [1, 2, 3, 2 ** 32 - 256]
    ],
    ['external data', externalTensor({ location: 'data', offset: '0' }), [1, 2, 3, 4]],
    [
      'external data at an offset',
      externalTensor({ location: 'data', offset: '4', length: '8' }, { dims: [2n] }),
      [2, 3]
    ],
    ['no elements at all', tensorOf({ dims: [0n, 3n], rawData: none }), []],
    ['a scalar', tensorOf({ dims: [], rawData: raw(new Float32Array([7])) }), [7]]
  ])('reads %s', async (_, tensor, expected) => {
    expect([...(await first(onnxFile({ initializer: [tensor] })))]).toEqual(expected)
  })

  it('reads rows of decoded integers', async () => {
    const tensor = tensorOf({
      dims: [2n, 2n],
      dataType: 7,
      rawData: none,
      int64Data: [1n, 2n, 3n, 4n]
    })
    const { tensors } = await openCheckpoint(await modelFolder(onnxFile({ initializer: [tensor] })))
    expect([...(await readRows(tensors.get('w')!, [1, 0, 1]))]).toEqual([3, 4, 1, 2, 3, 4])
  })

  it('finds the model in the folder onnx, with its external data beside it', async () => {
    const tensor = externalTensor({ location: 'model.onnx_data' })
    const folder = await modelFolder(onnxFile({ initializer: [tensor] }), 'onnx/model.onnx')
    await writeFile(join(folder, 'onnx/model.onnx_data'), raw(new Float32Array([5, 6, 7, 8])))
    const { tensors, files } = await openCheckpoint(folder)
    expect([...(await readFloat32(tensors.get('w')!))]).toEqual([5, 6, 7, 8])
    expect(files.map(({ path }) => basename(path))).toEqual(['model.onnx', 'model.onnx_data'])
  })

  it('lists weights without reading nodes, however deep their graphs', async () => {
    const { tensors } = await openCheckpoint(await modelFolder(deepGraph(100_000)))
    expect(tensors.size).toBe(0)
  })

  it('lists a sparse model of 6 GB in less than a second of work', async () => {
    const folder = await modelFolder(
      onnxFile({
        initializer: [externalTensor({ location: 'large' }, { dims: [2n ** 29n, 3n] })]
      })
    )
    await writeFile(join(folder, 'large'), '')
    await truncate(join(folder, 'large'), 6 * 2 ** 30)
    const taken = await processorTime(() => openCheckpoint(folder))
    expect(taken).toBeLessThan(1000)
    const { tensors } = await openCheckpoint(folder)
    expect([...(await readRows(tensors.get('w')!, [2 ** 29 - 1]))]).toEqual([0, 0, 0])
  })

  it.each(badOnnx)('refuses $what', async ({ file, error, careless = 'data' }) => {
    const before = process.memoryUsage().rss
    const folder = await modelFolder(file)
    const path = join(folder, 'model.onnx')
    const secret = isAbsolute(careless) ? careless : join(folder, careless)
    await writeFile(secret, new Uint8Array(16))
    opened()
    let result: unknown
    const taken = await processorTime(async () => (result = await outcome(openCheckpoint(path))))
    expect(String(result).replace(/^[\w-]+: /, '')).toBe(`model.onnx: ${error}`)
    expect(taken).toBeLessThan(5000)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)

    const seen = opened()
    expect(seen).toContain(path)
    expect(outsideOf(folder, seen)).toEqual([])
    const real = await realpath(secret)
    if (careless !== 'data') expect(seen).not.toContain(real)
    // It is there to be read, and reading it would have been seen.
    expect(await readFile(secret)).toHaveLength(16)
    expect(opened()).toContain(real)
  })

  it('is not looked for behind a link out of the folder', async () => {
    const root = await temporaryFolder()
    for (const folder of ['model', 'outside']) await mkdir(join(root, folder))
    const file = onnxFile({ initializer: [externalTensor({ location: 'model.onnx_data' })] })
    await writeFile(join(root, 'outside/model.onnx'), file)
    await writeFile(join(root, 'outside/model.onnx_data'), new Uint8Array(16))
    await symlink('../outside', join(root, 'model/onnx'))
    opened()
    expect(await outcome(openCheckpoint(join(root, 'model')))).toBe(
      'file-invalid: model.onnx: leads outside the model folder, and is not opened'
    )
    expect(outsideOf(join(root, 'model'), opened())).toEqual([])
  })
})

describe('the structure of an ONNX model', () => {
  it('leaves out the elements of larger initializers and keeps all else', async () => {
    const path = join(golden, 'onnx-gpt2/model.onnx')
    const structure = await readOnnxStructure(await knownFile(await namedFile(path)))
    expect(structure.length).toBeLessThan(150_000)
    const small = onnxFile({
      node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
      initializer: [tensorOf(), tensorOf({ name: 'v', dims: [0n], rawData: none })]
    })
    const folder = await modelFolder(small)
    const known = await knownFile(await namedFile(join(folder, 'model.onnx')))
    expect(await readOnnxStructure(known)).toHaveLength(small.length)
  })

  it('is refused when it is far larger than any graph', async () => {
    const name = 'x'.repeat((64 << 20) + 1)
    const folder = await modelFolder(onnxFile({ node: [{ name }] }))
    const structure = readOnnxStructure(
      await knownFile(await namedFile(join(folder, 'model.onnx')))
    )
    expect(await outcome(structure)).toBe(
      'unsupported: model.onnx: its graph takes more than 64 MB without the weights'
    )
  })
})
