import { open, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesPerElement, dtypes, elementCount } from '#common/model/tensor.ts'
import { badSafetensors, safetensorsFile, soundSafetensors } from '../../bad/safetensors.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readBytes, readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { outcome, temporaryFolder } from './temporary.ts'
import { longestTurn, processorTime } from '../../time-taken.ts'

async function written(file: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'model.safetensors')
  await writeFile(path, file)
  return path
}

describe('a bad safetensors file is refused', () => {
  it.each(badSafetensors)('$what', async ({ file, error }) => {
    const code = error.includes('not supported') ? 'unsupported' : 'file-invalid'
    const path = await written(file)
    expect(await outcome(openCheckpoint(path))).toBe(`${code}: model.safetensors: ${error}`)
  })

  it('as unsupported when only its dtype is', async () => {
    const header = '{"a":{"dtype":"F8_E8M0","shape":[4],"data_offsets":[0,4]}}'
    const path = await written(safetensorsFile(header, new Uint8Array(4)))
    expect(await outcome(openCheckpoint(path))).toBe(
      'unsupported: model.safetensors: tensor "a" is of dtype F8_E8M0, which is not supported'
    )
  })
})

describe('a sound safetensors file opens', () => {
  it('with empty tensors, scalars, unaligned data, padding, unknown keys and any order', async () => {
    const header =
      '{"late":{"dtype":"F32","shape":[],"data_offsets":[3,7]},' +
      '"none":{"dtype":"F64","shape":[2,0,5],"data_offsets":[3,3]},' +
      ' "early" : {"data_offsets":[0,3], "note":[1.5e3,{"x":null}], "shape":[3], "dtype":"U8"}}  \n '
    const path = await written(safetensorsFile(header, new Uint8Array([1, 2, 3, 0, 0, 0x80, 0x3f])))
    const { tensors } = await openCheckpoint(path)
    expect([...tensors.keys()]).toEqual(['late', 'none', 'early'])
    expect(await readFloat32(tensors.get('late')!)).toEqual(new Float32Array([1]))
    expect(await readFloat32(tensors.get('none')!)).toEqual(new Float32Array())
    expect(await readFloat32(tensors.get('early')!)).toEqual(new Float32Array([1, 2, 3]))
  })

  it('without any tensor', async () => {
    expect((await openCheckpoint(await written(safetensorsFile('{}')))).tensors.size).toBe(0)
  })

  it('with names that objects are born with', async () => {
    const names = ['__proto__', 'constructor', 'toString', '', '0']
    const tensors = names.map(name => ({ name, dtype: 'U8', shape: [1], data: new Uint8Array(1) }))
    const file = soundSafetensors(
      tensors,
      JSON.parse('{"__proto__":"x"}') as Record<string, string>
    )
    const checkpoint = await openCheckpoint(await written(file))
    expect([...checkpoint.tensors.keys()]).toEqual(names)
    expect(checkpoint.metadata).toEqual(new Map([['__proto__', 'x']]))
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('past 4 GB', async () => {
    const elements = 5 * 2 ** 30
    const header = `{"a":{"dtype":"U8","shape":[${elements}],"data_offsets":[0,${elements}]},"b":{"dtype":"F32","shape":[1],"data_offsets":[${elements},${elements + 4}]}}`
    const path = await written(safetensorsFile(header))
    const dataStart = 8 + header.length
    await truncate(path, dataStart + elements + 4)
    const handle = await open(path, 'r+')
    await handle.write(new Uint8Array([7]), 0, 1, dataStart + elements - 1)
    await handle.write(new Uint8Array([0, 0, 0x20, 0x41]), 0, 4, dataStart + elements)
    await handle.close()
    const { tensors, files } = await openCheckpoint(path)
    expect(files[0]!.size).toBe(dataStart + elements + 4)
    expect(await readFloat32(tensors.get('b')!)).toEqual(new Float32Array([10]))
    const range = { start: elements - 2, end: elements }
    expect(await readBytes(tensors.get('a')!, range)).toEqual(new Uint8Array([0, 7]))
  })

  it('as it was written, whatever was written', async () => {
    const tensor = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 12 }).filter(name => name !== '__metadata__'),
      dtype: fc.constantFrom(...dtypes),
      shape: fc.array(fc.nat(4), { maxLength: 4 }),
      seed: fc.nat(255)
    })
    const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 })
    const metadata = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }))
    const path = join(await temporaryFolder(), 'x.safetensors')
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (wanted, metadata) => {
        const filled = wanted.map(tensor => {
          const length = elementCount(tensor.shape) * bytesPerElement[tensor.dtype]
          return { ...tensor, data: new Uint8Array(length).map((_, i) => i * 7 + tensor.seed) }
        })
        await writeFile(path, soundSafetensors(filled, metadata))
        const checkpoint = await openCheckpoint(path)
        expect(checkpoint.metadata).toEqual(new Map(Object.entries(metadata)))
        expect([...checkpoint.tensors.keys()]).toEqual(filled.map(({ name }) => name))
        for (const { name, dtype, shape, data } of filled) {
          const entry = checkpoint.tensors.get(name)!
          expect(entry).toMatchObject({ name, dtype, shape, byteLength: data.length })
          expect(entry.file.path).toBe(path)
          expect(await readBytes(entry)).toEqual(data)
        }
      }),
      { numRuns: 200 }
    )
  })

  it('in under 5 s of work at a 99 MB header of a million tensors, and lets others work meanwhile', async () => {
    const count = 1_000_000
    const parts: string[] = []
    for (let i = 0; i < count; i++)
      parts.push(
        `"layers.${i}.attention.w":{"dtype":"BF16","shape":[1,2],"data_offsets":[${i * 4},${i * 4 + 4}]}`
      )
    const text = `{${parts.join()}}`
    const header = text.padEnd(99_000_000)
    const path = await written(safetensorsFile(header))
    await truncate(path, 8 + header.length + count * 4)
    let found = 0
    let longest = 0
    const taken = await processorTime(async () => {
      longest = await longestTurn(async () => {
        found = (await openCheckpoint(path)).tensors.size
      })
    })
    expect(found).toBe(count)
    expect(taken).toBeLessThan(5000)
    expect(longest).toBeLessThan(2000)
  })

  it('and stops when it is told to', async () => {
    const path = await written(safetensorsFile('{}'))
    const work = openCheckpoint(path, AbortSignal.abort())
    expect(await outcome(work)).toBe('cancelled: Cancelled')
  })
})
