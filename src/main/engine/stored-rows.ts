import { readSync } from 'node:fs'
import { bytesPerElement, type Tensor } from '#common/model/tensor.ts'
import { writeFloat32 } from '#common/model/to-float32.ts'
import { endsBefore, withKnownFile, type OpenFile } from '../files/open-file.ts'
import type { RowsFeed } from './protocol.ts'

/**
 * Rows of a stored matrix as float32, [rows.length, width]. They are read in this thread, which has nobody to answer: to
 * ask another one for each row takes ten times as long.
 * @throws LamellaError when the file is not the one that was opened, or ends before
 */
export function storedRows({ rows, matrix, scale }: RowsFeed): Promise<Tensor> {
  const { file, offset, dtype, width } = matrix
  const rowBytes = width * bytesPerElement[dtype]
  return withKnownFile(file, open => {
    const data = new Float32Array(rows.length * width)
    for (let at = 0; at < rows.length;) {
      const count = neighbours(rows, at)
      const bytes = new Uint8Array(count * rowBytes)
      fill(open, offset + rows[at]! * rowBytes, bytes)
      writeFloat32(data, at * width, bytes, dtype)
      at += count
    }
    if (scale !== 1) data.forEach((value, i) => (data[i] = value * Math.fround(scale)))
    return Promise.resolve({ shape: [rows.length, width], data })
  })
}

/** How many rows from one on lie one after the other in the file, too. */
function neighbours(rows: readonly number[], at: number): number {
  let count = 1
  while (rows[at + count] === rows[at]! + count) count++
  return count
}

function fill(file: OpenFile, position: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file.handle.fd, bytes, done, bytes.length - done, position + done)
    if (read === 0) throw endsBefore(file, position + done, position + bytes.length)
    done += read
  }
}
