import type { CachedModel, DirectoryListing } from '#common/contract/schemas.ts'
import { bytesText } from '#common/text/number-text.ts'

/** What the folder browser lists: a folder, or the models of a cache. */
export interface ShownListing {
  readonly parent: string | null
  readonly entries: readonly ShownEntry[]
  readonly truncated: boolean
}

export type ShownEntry = DirectoryListing['entries'][number] & {
  /** What stands at the end of its line. */
  readonly note?: string
}

/** The models of a cache as entries that open, with their size. */
export function cacheListing(models: readonly CachedModel[]): ShownListing {
  const entries = models.map(({ name, path, bytes }) => ({
    name,
    path,
    kind: 'model' as const,
    note: bytesText(bytes)
  }))
  return { parent: null, entries, truncated: false }
}
