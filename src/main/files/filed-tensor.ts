import { closeSync, readSync } from 'node:fs'
import { elementCount } from '#common/model/tensor.ts'

/**
 * A tensor in a file that is open and has no name any more: the system lets go of it with the process. Row-major; it is
 * read a part at a time, by any thread.
 */
export interface FiledTensor {
  readonly type: 'float32' | 'float16'
  readonly shape: readonly number[]
  /** The file's descriptor, which whoever has the tensor closes once. */
  readonly file: number
}

export function filedBytes({ type, shape }: Pick<FiledTensor, 'type' | 'shape'>): number {
  return elementCount(shape) * (type === 'float16' ? 2 : 4)
}

export function closeFiled({ file }: FiledTensor): void {
  closeSync(file)
}

/**
 * Fills memory with the bytes of an open file.
 * @param position of the first one
 * @param name of the file, for what is thrown
 * @throws Error when the file ends before
 */
export function readInto(file: number, position: number, bytes: Uint8Array, name: string): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw tooShort(name, position + done, position + bytes.length)
    done += read
  }
}

export function tooShort(name: string, length: number, expected: number): Error {
  return new Error(`${name}: has ${length} bytes, expected ${expected}`)
}
