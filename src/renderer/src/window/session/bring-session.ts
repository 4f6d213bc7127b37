import type { LibraryItem } from '#common/model/library.ts'
import type { SessionContent } from '#common/model/session.ts'
import { useLibrary } from '../../stores/library.ts'
import { useTasks } from '../../stores/tasks.ts'
import { broughtInto, type Brought } from './brought.ts'
import { useUndo } from './undo.ts'

/** A session that is to be the window's, as it is read here. */
export interface BroughtSession extends Brought {
  /** Puts into the library what of the session it does not have yet. */
  keep(): Promise<void>
}

/** Reads a session by the names that what it brings has in the library, once that is known. */
export async function bringSession(content: SessionContent): Promise<BroughtSession> {
  const library = useLibrary()
  await library.loaded()
  const brought = await broughtInto(library.items, content)
  return { ...brought, keep: () => useUndo().keepingQuietly(() => keep(brought, content)) }
}

async function keep({ items }: Brought, { runs }: SessionContent): Promise<void> {
  const library = useLibrary()
  if (items.length > 0) await keepItems(items)
  await library.takeRuns(runs)
}

function keepItems(items: readonly LibraryItem[]): Promise<void> {
  const library = useLibrary()
  const label = 'Keeping what has a name in the session'
  return useTasks().track(label, async ({ signal, onProgress }) => {
    for (const [done, item] of items.entries()) {
      onProgress({ label, done, total: items.length })
      if (signal.aborted) return
      await library.put(item)
    }
  })
}
