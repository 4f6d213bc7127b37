import type { LibraryItem } from '#common/model/library.ts'
import { useLibrary } from '../../stores/library.ts'
import { useWindow } from '../../stores/window.ts'

/** Opens an item to be changed, or a copy of it. */
export function draft(item: LibraryItem, instead: string | null): void {
  const library = useLibrary()
  library.drafted = { item: instead === null ? library.withFreeName(item) : item, instead }
  useWindow().dialog = 'item'
}
