import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { readOnnxStructure } from '../../../src/main/checkpoint/onnx-structure.ts'
import { knownFile } from '../../../src/main/files/known-file.ts'
import { namedFile } from '../../../src/main/files/folder.ts'
import { deepGraph, externalTensor, field, onnxFile, tensorOf } from '../../bad/onnx.ts'
import type { FuzzCase, Target } from '../case.ts'
import { edgeNumbers, edgeTexts, mutated } from '../mutate.ts'
import { waysOut } from '../outside.ts'
import type { Random } from '../random.ts'
import { readWeights } from '../read-weights.ts'

/** ONNX models with their weights inside or beside them. */
export const onnx: Target = {
  make(random) {
    const file = random.oneIn(80) ? endless(random) : model(random)
    const links: Record<string, string> = {}
    if (random.oneIn(6)) links[random.pick(places)] = random.pick([...waysOut, ...places])
    const files: Record<string, Uint8Array> = {
      'model.onnx': random.oneIn(2) ? mutated(random, file) : file
    }
    for (const place of ['w.data', 'sub/w.data'])
      if (!(place in links || dirnameOf(place) in links)) files[place] = new Uint8Array(64)
    return { files, links, open: random.pick(['', 'model.onnx']) } satisfies FuzzCase
  },
  async read(folder, made) {
    await readWeights(folder, made)
    const path = realpathSync(join(folder, 'model.onnx'))
    await readOnnxStructure(await knownFile(await namedFile(path)))
  }
}

const places = ['w.data', 'sub/w.data', 'sub', 'x.data']

function dirnameOf(place: string): string {
  return place.split('/')[0]!
}

type TensorInit = ReturnType<typeof tensorOf>

function model(random: Random): Uint8Array {
  const initializer = random.several(0, 4, () => tensor(random))
  const initialized = initializer.map(({ name = '' }) => ({ input: [name], opType: 'Add' }))
  return onnxFile(
    {
      initializer: unique(initializer, random),
      node: random.oneIn(2) ? initialized : [],
      input: random.several(0, 2, () => ({ name: random.pick(edgeTexts).toWellFormed() })),
      output: [{ name: 'logits' }]
    },
    {
      producerName: random.pick(edgeTexts).toWellFormed(),
      metadataProps: random.oneIn(4) ? [{ key: '__proto__', value: 'x' }] : []
    }
  )
}

/** Most often each name once. */
function unique(tensors: TensorInit[], random: Random): TensorInit[] {
  if (random.oneIn(10)) return tensors
  return [...new Map(tensors.map(tensor => [tensor.name, tensor])).values()]
}

function tensor(random: Random): TensorInit {
  const small = () => BigInt(random.oneIn(20) ? random.pick(edgeNumbers) : 1 + random.below(3))
  const dims = random.several(0, 3, small)
  const dataType = random.oneIn(12) ? random.below(30) : random.pick([1, 1, 7, 6, 9, 10, 11, 16])
  const count = Number(dims.reduce((product, dim) => product * dim, 1n))
  const length = Math.min(Math.abs(count), 100)
  const width = widths[dataType] ?? 4
  const name = random.pick([...edgeTexts, 'w', 'wte.weight']).toWellFormed() || 'x'
  const change: TensorInit = { name, dims, dataType }
  if (random.oneIn(3)) return externalTensor(external(random, length * width), change)
  return tensorOf(Object.assign(change, elements(random, length, width)))
}

const widths: Readonly<Record<number, number>> = { 1: 4, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 16: 2 }

function elements(random: Random, length: number, width: number): TensorInit {
  if (random.oneIn(2)) return { rawData: random.bytes(length * width) }
  const rawData = new Uint8Array()
  const longs = Array.from({ length }, () => BigInt(random.pick(edgeNumbers)))
  const shorts = Array.from({ length }, () => random.below(2 ** 31))
  return random.pick<TensorInit>([
    { rawData, floatData: shorts },
    { rawData, int32Data: shorts },
    { rawData, int64Data: longs },
    { rawData, uint64Data: longs.map(value => BigInt.asUintN(64, value)) },
    { rawData, doubleData: shorts },
    { rawData, floatData: shorts, int64Data: longs },
    { rawData, stringData: [new Uint8Array(2)] }
  ])
}

function external(random: Random, length: number): Record<string, string> {
  const odd = () => random.pick([...edgeNumbers.map(String), ...edgeTexts, '1e3', '0x10', ' 1'])
  return {
    location: random.oneIn(3) ? random.pick([...waysOut, ...edgeTexts]).toWellFormed() : 'w.data',
    ...(random.oneIn(2) && { offset: random.oneIn(3) ? odd().toWellFormed() : '0' }),
    ...(random.oneIn(2) && { length: random.oneIn(3) ? odd().toWellFormed() : String(length) }),
    ...(random.oneIn(8) && { checksum: 'x' })
  }
}

/** Few bytes that would make much, or lie deep. */
function endless(random: Random): Uint8Array {
  const count = random.pick([1000, 100_000, 4_000_000])
  const graph = (initializer: TensorInit) => onnxFile({ initializer: [initializer] })
  return random.pick<() => Uint8Array>([
    () => deepGraph(Math.min(count, 100_000)),
    () => Buffer.alloc(count, Uint8Array.from([0x08, 1])),
    () => field(7, Buffer.alloc(count, Uint8Array.from([0x5a, 0]))),
    () => field(7, field(5, field(1, new Uint8Array(count).fill(1)))),
    () => field(7, field(5, Buffer.alloc(count, Uint8Array.from([0x08, 1])))),
    () =>
      graph(
        tensorOf({
          dims: [BigInt(count)],
          dataType: 7,
          rawData: new Uint8Array(),
          int64Data: new Array<bigint>(count).fill(1n)
        })
      ),
    () => graph(tensorOf({ name: 'x'.repeat(count) })),
    () => graph(externalTensor({ location: 'x'.repeat(count) }))
  ])()
}
