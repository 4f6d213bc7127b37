import { existsSync, mkdirSync } from 'node:fs'
import { LamellaError } from '#common/model/errors.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { fileLabel } from '../files/file-error.ts'
import { writeError } from '../files/write-error.ts'
import type { KeptTensor } from './encoding.ts'
import { faultOf } from './fault.ts'
import { cacheFile, hasCacheFiles, latestGeneration, makePrivate, sweepBefore } from './files.ts'
import type { CachePlace, CacheState } from './protocol.ts'
import type { Layout, SlicedTensor } from './sliced-tensor.ts'
import { openTraceStore, type KeptHook, type TraceStore } from './store.ts'

/**
 * Values on the disk, whatever becomes of it: what is damaged is left and begun anew in another file, and what the disk
 * does not take is kept in memory.
 */
export interface LastingStore {
  /** @throws LamellaError `invalid-argument` when the value's first axis has no such index */
  get(run: string, hook: string, index?: number): Tensor | null
  has(run: string, hook: string): boolean
  hooks(run: string): readonly KeptHook[]
  put(run: string, hook: string, value: KeptTensor | SlicedTensor, layout: Layout): void
  /**
   * Afterwards the disk is tried anew: it may have the room that it had not.
   * @throws LamellaError with the cause when the disk does not let them go
   */
  clear(): void
  state(): CacheState
  close(): void
}

/** Of values that the disk does not take. */
const mostInMemory = 2 ** 28

/** Files begun anew for one action: more that are damaged at once say that the disk is. */
const mostAnew = 3

export function createLastingStore({ folder, limitBytes }: CachePlace): LastingStore {
  let generation: number | null = null
  let disk: TraceStore | null = null
  let memory: TraceStore | null = null
  let refusal: LamellaError | null = null

  function open(): TraceStore {
    // Not those above it: in folders such as /proc Node's own `recursive` tries for ever.
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    const isFirst = generation === null
    generation = latestGeneration(folder, generation ?? 0)
    const file = cacheFile(folder, generation)
    makePrivate(file)
    const opened = openTraceStore(file, limitBytes)
    if (isFirst) sweepBefore(folder, generation)
    return opened
  }

  function leaveDamaged(): void {
    closeQuietly(disk)
    disk = null
    generation = (generation ?? 0) + 1
  }

  function refuse(error: unknown): void {
    refusal ??= writeError(cacheFile(folder, generation ?? 0), error)
  }

  /** Does something with the values on the disk; gives the other where that cannot be. */
  function onDisk<T>(action: (store: TraceStore) => T, other: T): T {
    for (let anew = 0; anew <= mostAnew; anew++) {
      if (disk === null && refusal !== null) return other
      try {
        disk ??= open()
        return action(disk)
      } catch (error) {
        const fault = faultOf(error, cacheFile(folder, generation ?? 0))
        if (fault === 'asked') throw error
        if (fault === 'damaged') {
          leaveDamaged()
          continue
        }
        if (fault === 'refused') refuse(error)
        return other
      }
    }
    const cause = 'every file of the cache that is begun there is damaged'
    const hint = 'Remove the files named trace there.'
    refuse(new LamellaError('file-unwritable', `${fileLabel(folder)}: ${cause}`, hint))
    return other
  }

  return {
    get: (run, hook, index) =>
      memory?.get(run, hook, index) ?? onDisk(store => store.get(run, hook, index), null),

    has: (run, hook) =>
      (memory?.has(run, hook) ?? false) || onDisk(store => store.has(run, hook), false),

    hooks: run => [...(memory?.hooks(run) ?? []), ...onDisk(store => store.hooks(run), [])],

    put(run, hook, value, layout) {
      const isKept =
        refusal === null &&
        onDisk(store => {
          store.put(run, hook, value, layout)
          return true
        }, false)
      if (isKept) return
      memory ??= openTraceStore(':memory:', mostInMemory)
      memory.put(run, hook, value, layout)
    },

    clear() {
      closeQuietly(memory)
      memory = null
      refusal = null
      const isCleared = onDisk(store => {
        store.clear()
        // Those that were found damaged since it was opened, too.
        sweepBefore(folder, generation ?? 0)
        return true
      }, false)
      if (isCleared || !hasCacheFiles(folder)) return
      throw refusal ?? inUse(cacheFile(folder, generation ?? 0))
    },

    state() {
      const onDiskBytes = onDisk(store => store.bytes, 0)
      return { bytes: onDiskBytes + (memory?.bytes ?? 0), refusal: refusal?.message ?? null }
    },

    close() {
      closeQuietly(disk)
      closeQuietly(memory)
    }
  }
}

function inUse(file: string): LamellaError {
  const cause = `${fileLabel(file)}: could not be cleared, as another program has it in use`
  return new LamellaError('file-unwritable', cause, 'Try again.')
}

/** What it has not yet written is when its values were used, and of a damaged one not even that is wanted. */
function closeQuietly(store: TraceStore | null): void {
  try {
    store?.close()
  } catch {
    // It is closed nevertheless.
  }
}
