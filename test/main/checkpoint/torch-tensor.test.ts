import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  call,
  dict,
  integer,
  name,
  pickle,
  storage,
  string,
  tensor,
  tuple,
  whole
} from '../../bad/pickle.ts'
import { openedFiles, outsideOf } from '../../bad/opened-files.ts'
import { torchZip } from '../../bad/zip.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32, readRows } from '../../../src/main/checkpoint/read.ts'
import { openBytes, outcome, temporaryFolder } from './temporary.ts'

const opened = openedFiles()

describe('a tensor is checked against its storage', () => {
  it.each<[string, Uint8Array, string]>([
    [
      'a shape beyond it',
      tensor({ shape: [5] }),
      'of shape [5] looks at element 4 of a storage that has 4'
    ],
    [
      'an offset beyond it',
      tensor({ offset: integer(1) }),
      'of shape [4] looks at element 4 of a storage that has 4'
    ],
    [
      'a stride beyond it',
      tensor({ shape: [2], strides: [4] }),
      'of shape [2] looks at element 4 of a storage that has 4'
    ],
    [
      'a huge stride',
      tensor({ shape: [3], strides: [2 ** 52] }),
      'of shape [3] looks at element 9007199254740992 of a storage that has 4'
    ],
    [
      'a huge shape',
      tensor({ shape: [2 ** 40, 2 ** 40], strides: [1, 1] }),
      'of shape [1099511627776, 1099511627776] looks at element 2199023255550 of a storage that has 4'
    ],
    [
      'a huge shape of no strides',
      tensor({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }),
      'of shape [1099511627776, 1099511627776] makes 1.2089258196146292e+24 elements of 4'
    ],
    ['a negative stride', tensor({ strides: [-1] }), 'has a wrong shape or strides'],
    ['a negative size', tensor({ shape: [-4] }), 'has a wrong shape or strides'],
    ['too few strides', tensor({ shape: [2, 2] }), 'has a wrong shape or strides'],
    ['a negative offset', tensor({ offset: integer(-1) }), 'has a wrong offset'],
    ['an offset that is no number', tensor({ offset: string('0') }), 'has a wrong offset'],
    ['no storage', tensor({ storage: integer(1) }), 'has a storage that is none'],
    [
      'a storage that is not there',
      tensor({ storage: storage('9', 4) }),
      'has no storage "9" in the archive'
    ],
    [
      'a storage outside',
      tensor({ storage: storage('../../x', 4) }),
      'has no storage "../../x" in the archive'
    ],
    [
      'a storage larger than stored',
      tensor({ storage: storage('0', 5) }),
      'expects 20 bytes of storage "0", which has 16'
    ],
    [
      'a storage smaller than stored',
      tensor({ storage: storage('0', 3), shape: [3] }),
      'expects 12 bytes of storage "0", which has 16'
    ]
  ])('%s is refused', async (_, value, error) => {
    const file = torchZip(whole(dict({ w: value })))
    expect(await outcome(openBytes(file))).toBe(`file-invalid: m.pth: tensor "w" ${error}`)
  })

  it('a storage outside is not looked for outside', async () => {
    const root = await temporaryFolder()
    const folder = join(root, 'a/b')
    await mkdir(folder, { recursive: true })
    await writeFile(join(root, 'x'), new Uint8Array(16))
    const outside = tensor({ storage: storage('../../x', 4) })
    await writeFile(join(folder, 'm.pth'), torchZip(whole(dict({ w: outside }))))
    opened()
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: m.pth: tensor "w" has no storage "../../x" in the archive'
    )
    const seen = opened()
    expect(seen).toContain(join(folder, 'm.pth'))
    expect(outsideOf(folder, seen)).toEqual([])
  })

  it('an empty tensor that states a place past the end lies nowhere', async () => {
    const empty = tensor({ shape: [2, 0], strides: [0, 1], offset: integer(2 ** 40) })
    const entry = (await openBytes(torchZip(whole(dict({ w: empty }))))).tensors.get('w')!
    expect(entry).toMatchObject({ shape: [2, 0], byteLength: 0 })
    expect(entry.offset).toBeLessThan(1000)
    expect(await readFloat32(entry)).toEqual(new Float32Array())
  })

  it('types that are not supported are named', async () => {
    const complex = tensor({ storage: storage('0', 2, 'ComplexFloatStorage'), shape: [2] })
    expect(await outcome(openBytes(torchZip(whole(dict({ w: complex })))))).toBe(
      'unsupported: m.pth: tensor "w" is of type "ComplexFloatStorage", which is not supported'
    )
    const sparse = call(name('torch._utils', '_rebuild_sparse_tensor'), integer(1))
    expect(await outcome(openBytes(torchZip(whole(dict({ w: sparse })))))).toBe(
      'unsupported: m.pth: tensor "w" is a sparse_tensor, which is not supported'
    )
  })

  it('dtypes without a storage class of their own are read', async () => {
    const rebuilt = call(
      name('torch._utils', '_rebuild_tensor_v3'),
      storage('0', 16, 'UntypedStorage'),
      integer(1),
      tuple(integer(3)),
      tuple(integer(2)),
      pickle(0x89),
      call(name('collections', 'OrderedDict')),
      name('torch', 'uint16')
    )
    const data = new Uint8Array(new Uint16Array([0, 1, 2, 3, 4, 65535, 6, 7]).buffer)
    const { tensors } = await openBytes(torchZip(whole(dict({ w: rebuilt })), { 0: data }))
    const entry = tensors.get('w')!
    expect(entry).toMatchObject({ dtype: 'U16', shape: [3], strides: [2], byteLength: 10 })
    expect(await readFloat32(entry)).toEqual(new Float32Array([1, 3, 65535]))
    expect(await readRows(entry, [2, 0])).toEqual(new Float32Array([65535, 1]))
  })

  it('any view gives the elements it looks at', async () => {
    const axis = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(9))
    const view = fc.tuple(fc.nat(9), fc.array(axis, { minLength: 1, maxLength: 4 }))
    await fc.assert(
      fc.asyncProperty(view, async ([offset, axes]) => {
        const shape = axes.map(([length]) => length)
        const strides = axes.map(([, stride]) => stride)
        const values = new Float32Array(200).map((_, i) => i)
        let at = [offset]
        for (const [length, stride] of axes)
          at = at.flatMap(start => Array.from({ length }, (_, i) => start + i * stride))
        const parts = { storage: storage('0', 200), offset: integer(offset), shape, strides }
        const file = torchZip(whole(dict({ w: tensor(parts) })), {
          0: new Uint8Array(values.buffer)
        })
        const entry = (await openBytes(file)).tensors.get('w')!
        expect(await readFloat32(entry)).toEqual(new Float32Array(at))
        const width = at.length / shape[0]!
        const rows = [shape[0]! - 1, 0]
        expect(await readRows(entry, rows)).toEqual(
          new Float32Array(rows.flatMap(row => at.slice(row * width, (row + 1) * width)))
        )
      }),
      { numRuns: 60 }
    )
  })

  it('a transposed matrix larger than what is held at once is put in order', async () => {
    const [rows, columns] = [3000, 1000]
    const values = new Float32Array(rows * columns).map((_, i) => i)
    const parts = {
      storage: storage('0', values.length),
      shape: [columns, rows],
      strides: [1, columns]
    }
    const file = torchZip(whole(dict({ w: tensor(parts) })), { 0: new Uint8Array(values.buffer) })
    const got = await readFloat32((await openBytes(file)).tensors.get('w')!)
    expect(got.every((value, i) => value === (i % rows) * columns + Math.floor(i / rows))).toBe(
      true
    )
  })
})
