import { join, sep } from 'node:path'
import { elementCount } from '#common/model/tensor.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32, readRowMajor, readRows } from '../../src/main/checkpoint/read.ts'
import type { FuzzCase } from './case.ts'

/** Elements of a tensor that is read; a view may repeat few bytes many times. */
const elementLimit = 2 ** 20

/** Opens the weights of a case, and reads of each tensor what a view would. */
export async function readWeights(folder: string, { open }: FuzzCase): Promise<void> {
  const { files, tensors } = await openCheckpoint(join(folder, open))
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  for (const path of sizes.keys())
    if (!path.startsWith(folder + sep)) throw new Error(`${path} lies outside the folder`)
  let count = 0
  for (const entry of tensors.values()) {
    const { shape, file, offset, byteLength, content } = entry
    const name = JSON.stringify(entry.name)
    const size = sizes.get(file.path)
    if (size === undefined) throw new Error(`${name} lies in ${file.path}, which is not listed`)
    if (content === undefined && !(offset >= 0 && offset + byteLength <= size))
      throw new Error(`${name} lies past the end`)
    const elements = elementCount(shape)
    if (elements > elementLimit || ++count > 20) continue
    const values = await readFloat32(entry)
    if (values.length !== elements) throw new Error(`${name} has ${values.length} elements`)
    await readRowMajor(entry)
    if ((shape[0] ?? 0) > 0) await readRows(entry, [shape[0]! - 1, 0])
  }
}
