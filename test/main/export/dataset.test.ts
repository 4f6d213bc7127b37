import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { beforeEach, describe, expect, it } from 'vitest'
import { axis, dataset, withDrawn } from '#common/data/dataset.ts'
import { readSafetensors } from '../../../src/main/checkpoint/safetensors.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { datasetSafetensors } from '#common/data/dataset-safetensors.ts'
import { saveDataset } from '../../../src/main/export/dataset.ts'
import { npyOfNumbers, npyOfTexts } from '#common/data/npy.ts'
import { namedFile } from '../../../src/main/files/folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-dataset-'))
})

const given = dataset(
  { head: axis(2), token: axis(['a,"b"', ' ש']), query: axis(0) },
  {
    weight: {
      axes: ['head', 'token'],
      unit: '',
      about: 'A',
      data: Float32Array.of(1, NaN, -Infinity, 0.5)
    },
    count: { axes: ['head', 'token'], unit: '', about: '', data: Int32Array.of(1, -2, 3, 4) },
    entropy: { axes: ['head'], unit: 'nats', about: '', data: Float64Array.of(0.1, Infinity) },
    share: { axes: [], unit: '', about: '', data: Float64Array.of(0.25) },
    none: { axes: ['query', 'head'], unit: '', about: '', data: new Float32Array(0) }
  },
  { model: 'm', left_out: ['x'] }
)

const described = { weight: { unit: '', about: 'A' }, entropy: { unit: 'nats', about: '' } }

describe('a dataset as a file', () => {
  it('made whole says of its variables what one that is written piece by piece does', () => {
    const entries = unzipSync(datasetNpz(given))
    expect(JSON.parse(strFromU8(entries['attributes.json']!))).toMatchObject({
      variables: described
    })
    const bytes = Buffer.from(datasetSafetensors(given))
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as {
      __metadata__: Record<string, string>
    }
    expect(JSON.parse(header.__metadata__['variables']!)).toEqual(described)
  })

  it('is a table in CSV: a row a cell, labels beside indices, and what does not fit is told', async () => {
    const path = join(folder, 'x.CSV')
    expect(await saveDataset(path, given)).toEqual(['entropy', 'share', 'none'])
    expect(await readFile(path, 'utf8')).toBe(
      [
        '# model: m',
        '# left_out: x',
        '# left out, for one table does not hold them: entropy, share, none',
        '# column weight: A',
        'head,token,token_label,weight,count',
        '0,0,"a,""b""",1,1',
        '0,1," ש",NaN,-2',
        '1,0,"a,""b""",-inf,3',
        '1,1," ש",0.5,4',
        ''
      ].join('\r\n')
    )
  })

  it('says in each kind of file what a figure draws of it, and as CSV is that', async () => {
    const drawn = withDrawn(given, ['entropy', 'share', 'unknown'])
    const path = join(folder, 'x.csv')
    expect(await saveDataset(path, drawn)).toEqual(['weight', 'count', 'none'])
    expect((await readFile(path, 'utf8')).split('\r\n').slice(2)).toEqual([
      '# drawn: entropy, share',
      '# left out, for one table does not hold them: weight, count, none',
      '# column entropy: nats',
      '# column share: the same along head',
      'head,entropy,share',
      '0,0.1,0.25',
      '1,inf,0.25',
      ''
    ])
    const entropy = { unit: 'nats', about: '', drawn: true }
    const share = { unit: '', about: '', drawn: true }
    const entries = unzipSync(datasetNpz(drawn))
    expect(JSON.parse(strFromU8(entries['attributes.json']!))).toMatchObject({
      variables: { ...described, entropy, share }
    })
    expect(JSON.parse([...datasetJson(drawn)].join(''))).toMatchObject({ variables: { entropy } })
    await saveDataset(join(folder, 'x.safetensors'), drawn)
    const { metadata } = await readSafetensors(await namedFile(join(folder, 'x.safetensors')))
    expect(JSON.parse(metadata.get('variables')!)).toEqual({ ...described, entropy, share })
  })

  it('has every variable in JSON, with null for what it cannot say', async () => {
    const path = join(folder, 'x.json')
    expect(await saveDataset(path, given)).toEqual([])
    const text = await readFile(path, 'utf8')
    expect(text).toBe([...datasetJson(given)].join(''))
    expect(JSON.parse(text)).toEqual({
      attributes: { model: 'm', left_out: ['x'] },
      axes: {
        head: { length: 2, labels: null },
        token: { length: 2, labels: ['a,"b"', ' ש'] },
        query: { length: 0, labels: null }
      },
      variables: {
        weight: {
          axes: ['head', 'token'],
          unit: '',
          about: 'A',
          nan: 1,
          minus_infinity: 1,
          data: [
            [1, null],
            [null, 0.5]
          ]
        },
        count: {
          axes: ['head', 'token'],
          unit: '',
          about: '',
          data: [
            [1, -2],
            [3, 4]
          ]
        },
        entropy: { axes: ['head'], unit: 'nats', about: '', infinity: 1, data: [0.1, null] },
        share: { axes: [], unit: '', about: '', data: 0.25 },
        none: { axes: ['query', 'head'], unit: '', about: '', data: [] }
      }
    })
  })

  it('has every variable, its labels and attributes in safetensors', async () => {
    const path = join(folder, 'x.safetensors')
    await saveDataset(path, given)
    const { tensors } = await readSafetensors(await namedFile(path))
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual(
      expect.arrayContaining([
        ['weight', 'F32', [2, 2]],
        ['count', 'I32', [2, 2]],
        ['entropy', 'F64', [2]],
        ['share', 'F64', []],
        ['none', 'F32', [0, 2]]
      ])
    )
    const bytes = await readFile(path)
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as {
      __metadata__: Record<string, string>
    }
    expect(JSON.parse(header.__metadata__['labels']!)).toMatchObject({ token: ['a,"b"', ' ש'] })
    expect(JSON.parse(header.__metadata__['attributes']!)).toMatchObject({ model: 'm' })
    expect(JSON.parse(header.__metadata__['variables']!)).toEqual(described)
    expect(bytes.readDoubleLE(tensors.get('entropy')!.offset)).toBe(0.1)
  })

  it('is an archive of arrays for NumPy', async () => {
    const path = join(folder, 'x.npz')
    await saveDataset(path, given)
    const bytes = await readFile(path)
    const entries = unzipSync(bytes)
    expect(Object.keys(entries)).toEqual([
      ...['weight.npy', 'count.npy', 'entropy.npy', 'share.npy', 'none.npy'],
      ...['labels.token.npy', 'attributes.json']
    ])
    expect(JSON.parse(strFromU8(entries['attributes.json']!))).toMatchObject({
      axes: { weight: ['head', 'token'] },
      variables: described
    })
    expect(Buffer.from(entries['weight.npy']!)).toEqual(
      Buffer.concat(npyOfNumbers([2, 2], given.variables['weight']!.data))
    )
    const again = join(folder, 'y.npz')
    await saveDataset(again, given)
    expect(await readFile(again)).toEqual(bytes)
  })

  it.each(['csv', 'json', 'npz', 'safetensors'])(
    'takes the place of another %s only as a whole',
    async ending => {
      const path = join(folder, `x.${ending}`)
      await writeFile(path, 'old')
      await saveDataset(path, given)
      expect(await readFile(path, 'utf8')).not.toBe('old')
      expect(await readdir(folder)).toEqual([`x.${ending}`])
      const nowhere = join(folder, 'no', `x.${ending}`)
      await expect(saveDataset(nowhere, given)).rejects.toThrow(
        `${join(folder, 'no')}: there is no such folder`
      )
    }
  )

  it('needs an ending that tells its format', async () => {
    for (const name of ['x', 'x.txt', 'csv'])
      await expect(saveDataset(join(folder, name), given)).rejects.toMatchObject({
        code: 'invalid-argument'
      })
  })
})

describe('npy', () => {
  const text = (pieces: Uint8Array[]) => Buffer.from(pieces[0]!).toString('latin1')

  it.each([
    [[3], Float32Array.of(1, 2, 3), "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"],
    [[1, 2], Float64Array.of(1, 2), "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }"],
    [[2], BigInt64Array.of(-1n, 2n), "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }"],
    [[], Int32Array.of(1), "{'descr': '<i4', 'fortran_order': False, 'shape': (), }"]
  ])(
    'of %j says what it holds, in a header that ends at a multiple of 64',
    (shape, data, expected) => {
      const pieces = npyOfNumbers(shape, data)
      const header = text(pieces)
      expect(header.slice(0, 8)).toBe('\x93NUMPY\x01\x00')
      expect(pieces[0]!.length % 64).toBe(0)
      expect(header.charCodeAt(8) + 256 * header.charCodeAt(9)).toBe(header.length - 10)
      expect(header.slice(10).trimEnd()).toBe(expected)
      expect(header.at(-1)).toBe('\n')
      expect(Buffer.from(pieces[1]!).equals(Buffer.from(data.buffer))).toBe(true)
    }
  )

  it('of texts is UTF-32, as wide as the longest', () => {
    const pieces = npyOfTexts(['a', '😀ש', ''])
    expect(text(pieces)).toContain("'descr': '<U2'")
    const [, bytes] = pieces
    expect([...new Uint32Array(bytes!.buffer)]).toEqual([97, 0, 0x1f600, 0x5e9, 0, 0])
  })
})
