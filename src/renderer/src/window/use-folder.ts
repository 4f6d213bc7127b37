import { ref, shallowRef } from 'vue'
import type { DirectoryListing } from '#common/contract/schemas.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { useClient } from '../stores/client.ts'

/** A folder of the machine that the workbench is on, and going from one to another: the newest wish counts. */
export function useFolder() {
  const listing = shallowRef<DirectoryListing | null>(null)
  const loading = ref(false)
  let request = 0

  /** @returns what went wrong, if anything did and nothing newer was wished since */
  async function list(folder: string | undefined): Promise<LamellaError | null> {
    const mine = ++request
    loading.value = true
    try {
      const next = await useClient().call(
        'files.list',
        folder === undefined ? {} : { path: folder }
      )
      if (mine === request) listing.value = next
      return null
    } catch (thrown) {
      return mine === request ? toLamellaError(thrown) : null
    } finally {
      if (mine === request) loading.value = false
    }
  }

  /** What was wished is wished no more. */
  function leave(): void {
    request++
    loading.value = false
  }

  return { listing, loading, list, leave }
}
