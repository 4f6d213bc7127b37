import { defineStore } from 'pinia'
import { toLamellaError } from '#common/model/errors.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { useClient } from './client.ts'
import { useTasks } from './tasks.ts'

const bytesKept = 256 * 2 ** 20

/** Attention patterns as the views ask for them; the latest stay in memory. */
export const usePatterns = defineStore('patterns', () => {
  const tasks = useTasks()
  const values = new Map<string, Tensor>()
  const underWay = new Map<string, Promise<Tensor>>()
  let bytes = 0

  /** Every head of one block, mean-pooled to at most `size` × `size`: [head, row, column]. */
  function maps(runId: string, layer: number, size: number, signal?: AbortSignal): Promise<Tensor> {
    return cached(`${runId} ${layer} maps ${size}`, signal, () =>
      tasks.track(
        `Extracting the patterns of block ${layer}`,
        options => useClient().call('runs.patternMaps', { runId, layer, size }, options),
        signal
      )
    )
  }

  /** One head's pattern, exact: [query, key]. */
  function pattern(
    runId: string,
    layer: number,
    head: number,
    signal?: AbortSignal
  ): Promise<Tensor> {
    return cached(`${runId} ${layer} ${head}`, signal, () =>
      tasks.track(
        `Extracting head ${layer}.${head}`,
        async options => {
          const hook = blockHookName(layer, 'attn.hook_pattern')
          const value = await useClient().call('runs.value', { runId, hook, index: head }, options)
          // A slice of one head may keep its axis.
          return { shape: value.shape.slice(-2), data: value.data }
        },
        signal
      )
    )
  }

  async function cached(
    key: string,
    signal: AbortSignal | undefined,
    load: () => Promise<Tensor>
  ): Promise<Tensor> {
    const known = values.get(key)
    if (known) {
      values.delete(key)
      values.set(key, known)
      return known
    }
    const shared = underWay.get(key)
    const pending = shared ?? load()
    underWay.set(key, pending)
    try {
      const value = await pending
      if (!values.has(key)) keep(key, value)
      return value
    } catch (thrown) {
      // Another view began this and left; this one still wants it.
      const abandoned = shared !== undefined && toLamellaError(thrown).code === 'cancelled'
      if (abandoned && !signal?.aborted) return await load()
      throw thrown
    } finally {
      underWay.delete(key)
    }
  }

  function keep(key: string, value: Tensor): void {
    values.set(key, value)
    bytes += value.data.byteLength
    for (const [oldest, { data }] of values) {
      if (bytes <= bytesKept || oldest === key) break
      values.delete(oldest)
      bytes -= data.byteLength
    }
  }

  return { maps, pattern }
})
