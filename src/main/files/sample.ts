import { createHash } from 'node:crypto'
import { readExactly, type OpenFile } from './open-file.ts'

const places = 16
const placeBytes = 4096

/**
 * A hash of what a file holds at fixed places, the first and the last bytes among them; of a short file, of all.
 * @throws LamellaError when the file got shorter
 */
export async function sampleOf(file: OpenFile): Promise<string> {
  const hash = createHash('sha256')
  const bytes = new Uint8Array(Math.min(placeBytes, file.size))
  const last = file.size - bytes.length
  const starts = Array.from({ length: places }, (_, i) => Math.floor((last * i) / (places - 1)))
  for (const start of new Set(starts)) {
    await readExactly(file, start, bytes)
    hash.update(bytes)
  }
  return hash.digest('hex')
}
