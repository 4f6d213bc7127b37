import { ref, shallowRef } from 'vue'
import type { DirectoryListing } from '#common/contract/schemas.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { afterBreak } from '../stores/after-break.ts'
import { useClient } from '../stores/client.ts'

/** A folder of the machine that the workbench is on, and going from one to another: the newest wish counts. */
export function useFolder() {
  const listing = shallowRef<DirectoryListing | null>(null)
  const loading = ref(false)
  let request = 0
  /** The folder that could not be listed for want of the connection. */
  let missed: { readonly folder: string | undefined } | null = null
  afterBreak(() => missed && list(missed.folder))

  /** @returns what went wrong, if anything did and nothing newer was wished since */
  async function list(folder: string | undefined): Promise<LamellaError | null> {
    const mine = ++request
    missed = null
    loading.value = true
    try {
      const next = await useClient().call(
        'files.list',
        folder === undefined ? {} : { path: folder }
      )
      if (mine === request) listing.value = next
      return null
    } catch (thrown) {
      if (mine !== request) return null
      const error = toLamellaError(thrown)
      if (error.code === 'disconnected') missed = { folder }
      return error
    } finally {
      if (mine === request) loading.value = false
    }
  }

  /** What was wished is wished no more. */
  function leave(): void {
    request++
    missed = null
    loading.value = false
  }

  return { listing, loading, list, leave }
}
