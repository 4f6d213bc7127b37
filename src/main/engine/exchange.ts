import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Crossing, EngineFeed } from './protocol.ts'

/**
 * How tensors cross between the engine and its owner: small ones in the messages themselves, large ones in files of
 * a folder that both know. Those never leave the system's memory, and are faster by far than the pipe
 * that messages take.
 */
export interface Exchange {
  readonly folder: string
  /** Makes the folder, empty. */
  open(): void
  send<T extends EngineFeed>(tensor: T): Crossing<T>
  /**
   * Reads what the other side sent, once.
   * @throws Error when its file is gone
   */
  receive<T extends EngineFeed>(crossing: Crossing<T>): T
  /** Removes the folder with all that nobody received. */
  close(): void
}

/** Tensors from this many bytes on take a file. */
const large = 2 ** 14

const arrays = {
  float32: Float32Array,
  float16: Float16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array
} as const

export function createExchange(folder: string): Exchange {
  let sent = 0

  return {
    folder,
    open() {
      this.close()
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    },

    send(tensor) {
      const { data, ...described } = tensor
      if (data.byteLength < large) return tensor
      const file = `${process.pid}-${sent++}`
      const path = join(folder, file)
      try {
        writeFileSync(path, bytesOf(data))
        return { ...described, file }
      } catch {
        // A full disk makes it slow, not wrong.
        rmSync(path, { force: true })
        return tensor
      }
    },

    receive<T extends EngineFeed>(crossing: Crossing<T>): T {
      if ('data' in crossing) return crossing
      const { file, ...described } = crossing
      const path = join(folder, basename(file))
      // Copied: what is read may lie anywhere within a pool.
      const { buffer } = new Uint8Array(readFileSync(path))
      rmSync(path)
      return { ...described, data: new arrays[crossing.type](buffer) } as unknown as T
    },

    close() {
      rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: EngineFeed['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
