import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dict, tensor, uint64, whole } from '../../bad/pickle.ts'
import { torchParts, zipFile, type ZipEnd, type ZipPart } from '../../bad/zip.ts'
import type { Target } from '../case.ts'
import { edgeNumbers, mutated } from '../mutate.ts'
import type { Random } from '../random.ts'
import { readWeights } from '../read-weights.ts'

/** Zip archives as PyTorch writes them. */
export const zip: Target = {
  make(random) {
    const file = random.oneIn(2) ? mutated(random, random.pick(written())) : archive(random)
    const broken = random.oneIn(4) ? mutated(random, file) : file
    return { files: { 'm.pth': broken }, open: 'm.pth' }
  },
  read: readWeights
}

let files: readonly Uint8Array[] | null = null

/** What PyTorch itself wrote. */
function written(): readonly Uint8Array[] {
  const folder = join(import.meta.dirname, '../../golden/torch')
  files ??= readdirSync(folder)
    .filter(name => !name.endsWith('.safetensors'))
    .map(name => readFileSync(join(folder, name)))
  return files
}

const names = ['m/data.pkl', 'n/data.pkl', 'data.pkl', 'm/data/0', 'm/data/1', 'm/byteorder']
const otherNames = ['m/constants.pkl', '../../x', '/etc/passwd', '', 'm/', 'm/data/../data/0', '\0']

function archive(random: Random): Uint8Array {
  const storages = { 0: new Uint8Array(16), 1: new Uint8Array(16) }
  const parts = torchParts(whole(dict({ w: tensor() })), storages).map(part => {
    if (!random.oneIn(8)) return part
    return { ...part, ...wrongPart(random) }
  })
  if (random.oneIn(12)) parts.push(random.pick(parts))
  if (random.oneIn(12)) parts.splice(random.below(parts.length), 1)
  if (random.oneIn(4)) parts.reverse()
  if (random.oneIn(60)) {
    const many = random.pick([1000, 65_000])
    for (let i = 0; i < many; i++) parts.push({ name: `m/${i}`, data: new Uint8Array() })
  }
  return zipFile(parts, wrongEnd(random))
}

function wrongPart(random: Random): Partial<ZipPart> {
  const number = (bits: number) => Number(BigInt.asUintN(bits, BigInt(random.pick(edgeNumbers))))
  const faults: (() => Partial<ZipPart>)[] = [
    () => ({ name: random.pick([...names, ...otherNames]) }),
    () => ({ localName: random.pick([...names, ...otherNames]) }),
    () => ({ flags: number(16) }),
    () => ({ localFlags: number(16) }),
    () => ({ method: number(16) }),
    () => ({ crc: number(32) }),
    () => ({ localCrc: number(32) }),
    () => ({ size: number(32) }),
    () => ({ compressedSize: number(32) }),
    () => ({ headerOffset: number(32) }),
    () => ({ extra: random.bytes(random.below(40)) }),
    () => ({
      size: 0xffffffff,
      extra: Buffer.concat([
        Buffer.from([1, 0, 8 * random.below(4), 0]),
        uint64(BigInt.asUintN(64, BigInt(random.pick(edgeNumbers)))),
        uint64(BigInt.asUintN(64, BigInt(random.pick(edgeNumbers))))
      ])
    })
  ]
  return Object.assign({}, ...random.several(1, 2, () => random.pick(faults)())) as Partial<ZipPart>
}

function wrongEnd(random: Random): ZipEnd {
  const number = (bits: number) => Number(BigInt.asUintN(bits, BigInt(random.pick(edgeNumbers))))
  const long = () => BigInt.asUintN(64, BigInt(random.pick(edgeNumbers)))
  const faults: (() => ZipEnd)[] = [
    () => ({ count: number(16) }),
    () => ({ directorySize: number(32) }),
    () => ({ directoryOffset: number(32) }),
    () => ({ disk: number(16) }),
    () => ({ comment: random.bytes(random.below(200)) }),
    () => ({ zip64: {} }),
    () => ({ zip64: { at: long() } }),
    () => ({ zip64: { count: long() } })
  ]
  return random.oneIn(2) ? {} : random.pick(faults)()
}
