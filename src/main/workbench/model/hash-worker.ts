/** A thread that hashes one file, piece by piece. */
import { createHash } from 'node:crypto'
import { readExactly, withKnownFile } from '../../files/open-file.ts'
import { answerCalls } from '../../threads/answer.ts'
import type { HashCalls } from './file-hashes.ts'

/** Hashed between two words of how far it has come, and two looks whether the file is the same. */
const pieceBytes = 2 ** 26

const hash = createHash('sha256')
const buffer = new Uint8Array(2 ** 20)

answerCalls<HashCalls>({
  piece: ({ file, from }) =>
    withKnownFile(file, async open => {
      const end = Math.min(from + pieceBytes, file.size)
      for (let at = from; at < end; at += buffer.length) {
        const bytes = buffer.subarray(0, Math.min(buffer.length, end - at))
        await readExactly(open, at, bytes)
        hash.update(bytes)
      }
      return { end, sha256: end === file.size ? hash.digest('hex') : null }
    })
})
