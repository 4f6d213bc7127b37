import { safetensorsFile, soundSafetensors } from '../../bad/safetensors.ts'
import type { FuzzCase, Target } from '../case.ts'
import { edgeNumbers, edgeTexts, mutated } from '../mutate.ts'
import { mutatedJson } from '../mutate-json.ts'
import { waysOut } from '../outside.ts'
import type { Random } from '../random.ts'
import { readWeights } from '../read-weights.ts'

/** Safetensors files and their shards. */
export const safetensors: Target = {
  make(random) {
    if (random.oneIn(3)) return shards(random)
    if (random.oneIn(200)) return stretched(random)
    const file = random.oneIn(2) ? mutated(random, sound(random)) : wrongHeader(random)
    return { files: { 'model.safetensors': file }, open: random.pick(['', 'model.safetensors']) }
  },
  read: readWeights
}

const widths = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 }
type Width = keyof typeof widths

function tensors(random: Random) {
  return random.several(0, 6, () => {
    const dtype = random.pick(Object.keys(widths) as Width[])
    const shape = random.several(0, 3, () => random.below(5))
    const length = shape.reduce((product, size) => product * size, widths[dtype])
    const name = random.pick([...edgeTexts, 'wte.weight', 'h.0.attn.c_attn.weight'])
    return { name, dtype, shape, data: random.bytes(length) }
  })
}

function sound(random: Random): Uint8Array {
  const unique = new Map(tensors(random).map(tensor => [tensor.name, tensor]))
  return soundSafetensors([...unique.values()], random.oneIn(2) ? { format: 'pt' } : undefined)
}

/** A sound file but for tokens of its header, whose length is right most often. */
function wrongHeader(random: Random): Uint8Array {
  const file = Buffer.from(sound(random))
  const length = Number(file.readBigUInt64LE())
  const header = mutatedJson(random, file.toString('utf8', 8, 8 + length))
  const stated = random.oneIn(10) ? BigInt(random.pick(edgeNumbers)) : undefined
  return safetensorsFile(header, file.subarray(8 + length), stated)
}

function stretched(random: Random): FuzzCase {
  const size = random.pick([2 ** 20, 99_000_000, 100_000_100, 2 ** 33])
  const length = BigInt(random.pick([size - 8, 100_000_000, 64]))
  const name = 'model.safetensors'
  const file = safetensorsFile('{', new Uint8Array(), length)
  return { files: { [name]: file }, sizes: { [name]: size }, open: '' }
}

const index = 'model.safetensors.index.json'

function shards(random: Random): FuzzCase {
  const names = ['a.safetensors', 'sub/b.safetensors', 'c.safetensors']
  const files: Record<string, string | Uint8Array> = {}
  const weightMap: Record<string, string> = {}
  names.forEach((name, at) => {
    const own = { name: `t${at}`, dtype: 'U8', shape: [2], data: new Uint8Array(2) }
    files[name] = random.oneIn(6) ? mutated(random, sound(random)) : soundSafetensors([own])
    weightMap[own.name] = random.oneIn(4) ? random.pick([...waysOut, ...edgeTexts]) : name
  })
  const text = JSON.stringify({ metadata: { total_size: 6 }, weight_map: weightMap })
  files[index] = random.oneIn(3) ? mutatedJson(random, text) : text
  const links: Record<string, string> = {}
  if (random.oneIn(2)) {
    const name = random.pick([...names, index, 'x', 'model.safetensors', 'sub2'])
    delete files[name]
    links[name] = random.pick([...waysOut, ...names, name])
  }
  const open = index in links || random.oneIn(2) ? '' : index
  return { files, links, open }
}
