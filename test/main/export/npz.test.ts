import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { axis, type Dataset, dataset } from '#common/data/dataset.ts'
import { saveDataset } from '../../../src/main/export/dataset.ts'
import { writeNpz } from '../../../src/main/export/npz.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamella-npz-'))
})

describe('an NPZ file', () => {
  it('of the same dataset is the same, whenever it is written', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const data = Float32Array.of(1, 2)
    const given = dataset({ a: axis(2) }, { x: { axes: ['a'], unit: '', about: '', data } })
    const written: Buffer[] = []
    for (const year of [1999, 2031]) {
      vi.setSystemTime(new Date(year, 5, 7))
      await saveDataset(join(folder, `${year}.npz`), given)
      written.push(await readFile(join(folder, `${year}.npz`)))
    }
    expect(written[0]!.equals(written[1]!)).toBe(true)
    // Midnight of 1 January 1980, in MS-DOS's words.
    expect(written[0]!.readUInt32LE(10)).toBe((1 << 21) | (1 << 16))
  })

  it('over 4 GB is refused before anything is written, with what to do instead', async () => {
    // One megabyte, many times over.
    const megabyte = { axes: ['a'], unit: '', about: '', data: new Float64Array(2 ** 17) }
    const names = Array.from({ length: 4095 }, (_, i) => [`v${i}`, megabyte] as const)
    const given: Dataset = {
      axes: { a: { length: 2 ** 17, labels: null } },
      variables: {
        ...Object.fromEntries(names),
        more: { ...megabyte, axes: [], data: Int32Array.of(1) }
      },
      attributes: {}
    }
    const path = join(folder, 'x.npz')
    await expect(saveDataset(path, given)).rejects.toMatchObject({
      code: 'unsupported',
      message: `${path}: an NPZ file holds at most 4 GB`,
      hint: 'Save it as safetensors instead.'
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('that grows over 4 GB as its arrays are made leaves nothing', async () => {
    const small = { shape: [1], data: Int32Array.of(1) }
    // What has so many bytes is never looked at.
    const large = { shape: [2 ** 30], data: { byteLength: 2 ** 32 } as Float32Array }
    const path = join(folder, 'x.npz')
    const given = {
      names: ['small', 'large'],
      array: (name: string) => (name === 'small' ? small : large),
      attributes: {},
      axes: { small: ['a'], large: ['b'] },
      labels: {}
    }
    await expect(writeNpz(path, given)).rejects.toMatchObject({
      message: `${path}: an NPZ file holds at most 4 GB`
    })
    expect(await readdir(folder)).toEqual([])
  })
})
