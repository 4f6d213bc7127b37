import { fstatSync, openSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FiledTensor } from '../../../src/main/files/filed-tensor.ts'
import type { KeptTensor } from '../../../src/main/trace/encoding.ts'

/** A value in a file without a name, as the engine's are handed over. */
export function filed(folder: string, { shape, data }: KeptTensor): FiledTensor {
  const path = join(folder, 'filed')
  writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const file = openSync(path, 'r')
  unlinkSync(path)
  return { type: data instanceof Float32Array ? 'float32' : 'float16', shape, file }
}

/** Which file each tensor has, to be told from another that is opened under the same number; null where it is closed. */
export function filesOf(tensors: readonly FiledTensor[]): (number | null)[] {
  return tensors.map(({ file }) => {
    try {
      return fstatSync(file).ino
    } catch {
      return null
    }
  })
}
