import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { command, commandRan } from '../../bad/payload.ts'
import { dict, pickle, string, tensor, uint64, whole } from '../../bad/pickle.ts'
import { torchParts, torchZip, zipFile, type ZipEnd, type ZipPart } from '../../bad/zip.ts'
import { readFloat32 } from '../../../src/main/checkpoint/read.ts'
import { fourFloats, openBytes, outcome } from './temporary.ts'

describe('the archive is checked', () => {
  const content = whole(dict({ w: tensor() }))
  const [data, order, zero] = torchParts(content, { 0: fourFloats }) as [ZipPart, ZipPart, ZipPart]
  const zip64 = (values: bigint[]) => pickle(1, 0, values.length * 8, 0, ...values.map(uint64))

  it.each<[string, ZipPart[], ZipEnd]>([
    ['as it should be', [data, order, zero], {}],
    ['with a comment', [data, order, zero], { comment: Buffer.from('made by hand') }],
    ['with ZIP64 records', [data, order, zero], { zip64: {} }],
    [
      'with ZIP64 values',
      [data, order, { ...zero, size: 0xffffffff, extra: zip64([16n, 16n]) }],
      { zip64: {} }
    ],
    ['without checksums', [{ ...data, crc: 0 }, order, { ...zero, crc: 0 }], {}],
    [
      'with compressed entries that are not used',
      [data, order, zero, { name: 'm/note', data: fourFloats, method: 8 }],
      {}
    ]
  ])('and accepted %s', async (_, parts, end) => {
    const { tensors } = await openBytes(zipFile(parts, end))
    expect(await readFloat32(tensors.get('w')!)).toEqual(new Float32Array([1, 2, 3, 4]))
  })

  const described = 'is described differently in its local header'
  const follows = 'runs into what follows it'
  it.each<[string, ZipPart[], ZipEnd, string]>([
    ['no data.pkl', [order, zero], {}, 'is a zip archive without data.pkl, not a PyTorch file'],
    [
      'two data.pkl',
      [data, { ...data, name: 'n/data.pkl' }, zero],
      {},
      'is ambiguous: it holds "m/data.pkl" and "n/data.pkl"'
    ],
    [
      'two entries of one name',
      [data, data, zero],
      {},
      'the zip archive has two entries "m/data.pkl"'
    ],
    [
      'another local name',
      [{ ...data, localName: 'm/evil.pkl' }, zero],
      {},
      'the zip entry "m/data.pkl" has another name in its local header'
    ],
    [
      'another local name of a storage',
      [data, { ...zero, localName: 'm/data/1' }],
      {},
      'the zip entry "m/data/0" has another name in its local header'
    ],
    [
      'unknown flags',
      [{ ...data, flags: 0x20 }, zero],
      {},
      'the zip entry "m/data.pkl" has the unknown flags 0x20'
    ],
    [
      'other local flags',
      [{ ...data, localFlags: 0x800 }, zero],
      {},
      `the zip entry "m/data.pkl" ${described}`
    ],
    [
      'another local checksum',
      [{ ...data, localCrc: 1 }, zero],
      {},
      `the zip entry "m/data.pkl" ${described}`
    ],
    [
      'a wrong checksum',
      [{ ...data, crc: 1 }, zero],
      {},
      'the zip entry "m/data.pkl" is damaged: its checksum does not match'
    ],
    [
      'a size past the next entry',
      [{ ...data, size: content.length + 200 }, zero],
      {},
      `the zip entry "m/data.pkl" ${follows}`
    ],
    [
      'entries over one another',
      [data, { ...zero, headerOffset: 0 }],
      {},
      `the zip entry "m/data.pkl" ${follows}`
    ],
    [
      'an entry over the directory',
      [data, { ...zero, headerOffset: 320 }],
      {},
      `the zip entry "m/data/0" ${follows}`
    ],
    [
      'two sizes',
      [data, { ...zero, compressedSize: 15 }],
      {},
      'the zip entry "m/data/0" states two sizes, 16 and 15'
    ],
    [
      'a ZIP64 value that is missing',
      [data, { ...zero, size: 0xffffffff }],
      {},
      'a ZIP64 value of the zip directory is missing'
    ],
    [
      'a ZIP64 value past 2^53',
      [data, { ...zero, size: 0xffffffff, extra: zip64([2n ** 60n, 2n ** 60n]) }],
      {},
      `a ZIP64 value of ${2n ** 60n} is not below 2^53`
    ],
    [
      'a ZIP64 record past the end',
      [data, zero],
      { zip64: { at: 2n ** 40n } },
      'the ZIP64 end record lies outside the file'
    ],
    [
      'a ZIP64 record elsewhere',
      [data, zero],
      { zip64: { at: 4n } },
      'there is no ZIP64 end record at byte 4'
    ],
    [
      'a ZIP64 record that differs',
      [data, zero],
      { zip64: { count: 7n } },
      'the two end records of the zip archive differ'
    ],
    [
      'another count',
      [data, zero],
      { count: 3 },
      'the zip directory has 2 entries, not 3 as stated'
    ],
    [
      'another directory',
      [data, zero],
      { directoryOffset: 1 },
      'the zip directory does not end where the end record begins'
    ],
    [
      'a directory past the end',
      [data, zero],
      { directorySize: 0xfffffff0 },
      'the zip directory does not end where the end record begins'
    ]
  ])('and refused with %s', async (_, parts, end, error) => {
    expect(await outcome(openBytes(zipFile(parts, end)))).toBe(`file-invalid: m.pth: ${error}`)
  })

  it.each<[string, ZipPart[], ZipEnd, string]>([
    ['encrypted', [{ ...data, flags: 1 }, zero], {}, 'the zip entry "m/data.pkl" is encrypted'],
    [
      'compressed',
      [{ ...data, method: 8, size: 2 ** 31, compressedSize: content.length }, zero],
      {},
      'the zip entry "m/data.pkl" of 2147483648 bytes exceeds the 100 MB limit'
    ],
    [
      'compressed a little',
      [{ ...data, method: 8 }, zero],
      {},
      'the zip entry "m/data.pkl" is compressed, which no PyTorch file is'
    ],
    ['one part of several', [data, zero], { disk: 1 }, 'the zip archive is one part of several'],
    [
      'big-endian',
      [data, { ...order, data: Buffer.from('big') }, zero],
      {},
      'is of a big-endian machine, which is not supported'
    ],
    [
      'TorchScript',
      [data, { name: 'm/constants.pkl', data: fourFloats }, zero],
      {},
      'is a TorchScript archive, which is not supported'
    ]
  ])('and refused as not supported when %s', async (_, parts, end, error) => {
    expect(await outcome(openBytes(zipFile(parts, end)))).toBe(`unsupported: m.pth: ${error}`)
  })

  it('and refused when it is cut off or goes on after its pickle', async () => {
    const file = zipFile([data, order, zero])
    expect(await outcome(openBytes(file.subarray(0, -30)))).toBe(
      'file-invalid: m.pth: the end of the zip archive is missing'
    )
    const after = pickle(content, 'cos\nsystem\n', string(command), 0x85, 'R.')
    expect(await outcome(openBytes(torchZip(after)))).toBe(
      `file-invalid: m.pth: the pickle ends at byte ${content.length}, and something follows`
    )
    expect(commandRan()).toBe(false)
  })

  it('and refused when a local header is missing', async () => {
    const file = zipFile([data, order, zero])
    const header = Buffer.from(file).indexOf('PK\x03\x04', 4)
    file[Buffer.from(file).indexOf('PK\x03\x04', header + 4)] = 0
    expect(await outcome(openBytes(file))).toMatch(
      /^file-invalid: m.pth: the zip entry "m\/data\/0" has no local header at byte \d+$/
    )
  })

  it('and a storage that was damaged is found when it is read', async () => {
    const file = zipFile([data, order, zero])
    const place = Buffer.from(file).indexOf(Buffer.from(fourFloats))
    file[place] = 1
    const entry = (await openBytes(file)).tensors.get('w')!
    expect(await outcome(readFloat32(entry))).toBe(
      'file-invalid: m.pth: a tensor is damaged: the checksum of its bytes does not match'
    )
  })

  it('and never brings the reader down, whatever byte is wrong', async () => {
    const file = zipFile([data, order, zero], { zip64: {} })
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), async (place, value) => {
        const damaged = file.slice()
        damaged[place] = value
        expect(await outcome(openBytes(damaged))).toBeTruthy()
      }),
      { numRuns: 300 }
    )
  })
})
