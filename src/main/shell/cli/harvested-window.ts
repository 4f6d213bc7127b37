import { lstat } from 'node:fs/promises'
import { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import { openRegular } from '../../files/open-regular.ts'

/** What a harvest writes of a window. */
export interface HarvestedWindow {
  readonly ids: Int32Array
  readonly hooks: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

const longestHeader = 100_000_000
const Header = z.record(z.string(), z.unknown())
const Said = z.object({ attributes: z.string() })
const Place = z.object({ data_offsets: z.tuple([z.int(), z.int()]) })

/**
 * Whether a window's file is there already.
 * @throws LamellaError `invalid-argument` when what is there is not of that window of that harvest, or not all of it
 */
export async function isHarvested(path: string, window: HarvestedWindow): Promise<boolean> {
  if ((await lstat(path).catch(() => null)) === null) return false
  if (await holds(path, window).catch(() => false)) return true
  throw new LamellaError(
    'invalid-argument',
    `${path}: is not what this harvest writes there, or not all of it`,
    'Remove it, and run the same again: what is missing is written.'
  )
}

/** Whether a file is whole and says the same, and has the same tokens and hooks. Values are not computed again. */
async function holds(path: string, { ids, hooks, attributes }: HarvestedWindow): Promise<boolean> {
  const handle = await openRegular(path, path)
  try {
    const { size } = await handle.stat()
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
      return buffer.subarray(0, bytesRead)
    }
    const length = Number((await read(0, 8)).readBigUInt64LE())
    if (length > Math.min(longestHeader, size - 8)) return false
    const { __metadata__: said, ...tensors } = Header.parse(
      JSON.parse((await read(8, length)).toString('utf8'))
    )
    if (Said.parse(said).attributes !== JSON.stringify(attributes)) return false
    const places = new Map(
      Object.entries(tensors).map(([name, own]) => [name, Place.parse(own).data_offsets])
    )
    if (!['id', ...hooks].every(name => places.has(name))) return false
    let end = 0
    for (const [from, to] of places.values()) {
      if (from !== end || to < from) return false
      end = to
    }
    if (8 + length + end !== size) return false
    const own = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength)
    const [from, to] = places.get('id')!
    return to - from === own.length && own.equals(await read(8 + length + from, own.length))
  } finally {
    await handle.close()
  }
}
