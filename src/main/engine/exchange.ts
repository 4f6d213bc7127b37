import { closeSync, constants, fstatSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { open, rm, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { elementCount } from '#common/model/tensor.ts'
import { filedBytes, readInto, tooShort, type FiledTensor } from '../files/filed-tensor.ts'
import type { Crossing, EngineFeed, EngineTensor, FeedThere } from './protocol.ts'

/**
 * How tensors cross between the engine and its owner: small ones in the messages themselves, large ones in files of
 * a folder that both know (`exchange-folder.ts` says where), faster by far than the pipe that messages take. Large
 * files are written and read beside the thread that asks: 50 MB take longer than a window may wait. Others take it less than
 * to ask another thread for each step would.
 */
export interface Exchange {
  send<T extends EngineFeed>(tensor: T): Promise<Crossing<T>>
  /**
   * Reads what the other side sent, once.
   * @throws Error when its file is gone or too short
   */
  receive<T extends EngineFeed>(crossing: Crossing<T>): Promise<T>
  /**
   * Takes over the file of what the other side sent, unread; what is not large is received.
   * @throws Error as `receive`
   */
  takeOver(crossing: Crossing<EngineTensor>): Promise<EngineTensor | FiledTensor>
  /** Removes what was sent and nobody wants. */
  discard(sent: Crossing<EngineFeed> | FeedThere): Promise<void>
}

/** Tensors from this many bytes on take a file: fewer a pipe takes in at once. */
const large = 2 ** 16

/** Tensors from this many bytes on are written and read beside the thread that asks: fewer take it less than 1 ms. */
const slow = 2 ** 21

const arrays = {
  float32: Float32Array,
  float16: Float16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array
} as const

/** @param folder null where none could be made: all tensors travel in messages, slower */
export function createExchange(folder: string | null): Exchange {
  let sent = 0
  const pathOf = (file: string) => join(folder ?? '', basename(file))

  async function receive<T extends EngineFeed>(crossing: Crossing<T>): Promise<T> {
    if ('data' in crossing) return crossing
    const { file, ...described } = crossing
    const data = new arrays[crossing.type](elementCount(crossing.shape))
    if (data.byteLength < slow) readAtOnce(pathOf(file), bytesOf(data))
    else await readWhole(pathOf(file), bytesOf(data))
    return { ...described, data } as unknown as T
  }

  return {
    async send(tensor) {
      const { data, ...described } = tensor
      if (folder === null || data.byteLength < large) return tensor
      const file = `${process.pid}-${sent++}`
      try {
        if (data.byteLength < slow) writeAtOnce(pathOf(file), bytesOf(data))
        else await writeNew(pathOf(file), bytesOf(data))
        return { ...described, file }
      } catch {
        // A full disk makes it slow, not wrong.
        await rm(pathOf(file), { force: true })
        return tensor
      }
    },

    receive,

    async takeOver(crossing) {
      if ('data' in crossing || filedBytes(crossing) < slow) return receive(crossing)
      const { type, shape, file } = crossing
      return { type, shape, file: openUnnamed(pathOf(file), filedBytes(crossing)) }
    },

    async discard(sent) {
      if ('file' in sent) await rm(pathOf(sent.file), { force: true })
    }
  }
}

// Windows has no O_NOFOLLOW.
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants
const readable = O_RDONLY | O_NOFOLLOW
const fresh = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW

function writeAtOnce(path: string, bytes: Uint8Array): void {
  const file = openSync(path, fresh, 0o600)
  try {
    for (let done = 0; done < bytes.length;)
      done += writeSync(file, bytes, done, bytes.length - done)
  } finally {
    closeSync(file)
  }
}

function readAtOnce(path: string, bytes: Uint8Array): void {
  const file = openSync(path, readable)
  try {
    readInto(file, 0, bytes, path)
  } finally {
    closeSync(file)
  }
  unlinkSync(path)
}

/** Opens a file of so many bytes, which has no name afterwards. */
function openUnnamed(path: string, byteLength: number): number {
  const file = openSync(path, readable)
  try {
    const { size } = fstatSync(file)
    if (size < byteLength) throw tooShort(path, size, byteLength)
    unlinkSync(path)
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, fresh, 0o600)
  try {
    for (let done = 0; done < bytes.length;)
      done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
  } finally {
    await file.close()
  }
}

async function readWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, readable)
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, done)
      if (bytesRead === 0) throw tooShort(path, done, bytes.length)
      done += bytesRead
    }
  } finally {
    await file.close()
  }
  await unlink(path)
}

function bytesOf({ buffer, byteOffset, byteLength }: EngineFeed['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
