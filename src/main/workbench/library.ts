import type { Handlers } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import {
  isAskedFor,
  Library,
  withItem,
  withoutItem,
  withoutRuns,
  withRuns
} from '#common/model/library.ts'
import { stored } from './stored.ts'

/** As JSON: all of it goes to every window whenever something changes. */
const mostCharacters = 2 ** 23

const empty: Library = { history: [], items: [] }

/** What was run and what has a name, kept in a file, and told to all windows as it changes. */
export interface LibraryShelf {
  readonly handlers: Pick<
    Handlers,
    'library.get' | 'library.remember' | 'library.forget' | 'library.put' | 'library.remove'
  >
  /** Whether a person here has named or asked for the files at a path: not where only a session's file brought them. */
  isAskedFor(path: string): Promise<boolean>
  subscribe(listener: (library: Library) => void): () => void
  /** Done once all is written. */
  close(): Promise<void>
}

/** @param onDamage is told when the file is damaged */
export function createLibrary(file: string, onDamage: (message: string) => void): LibraryShelf {
  const kept = stored(file, Library, empty, onDamage)
  const listeners = new Set<(library: Library) => void>()

  /** All windows have heard of it once this is done. */
  async function change(make: (before: Library) => Library): Promise<null> {
    let after = empty
    await kept.change(before => (after = make(before)))
    for (const listener of listeners) listener(after)
    return null
  }

  return {
    handlers: {
      'library.get': () => kept.read(),
      'library.remember': ({ runs }) =>
        change(before => ({ ...before, history: withRuns(before.history, runs) })),
      'library.forget': ({ runs }) =>
        change(before => ({ ...before, history: withoutRuns(before.history, runs) })),
      'library.put': ({ item, instead }) =>
        change(before => {
          const isTaken = before.items.some(
            ({ kind, name }) => kind === item.kind && name === item.name && name !== instead
          )
          if (isTaken)
            throw new LamellaError(
              'invalid-argument',
              `“${item.name}” is the name of another`,
              'Choose another name.'
            )
          const items = withItem(before.items, item, instead)
          if (JSON.stringify(items).length > mostCharacters)
            throw new LamellaError(
              'invalid-argument',
              `“${item.name}”: all that has a name would take more than ${mostCharacters / 2 ** 20} MB`,
              'Delete some of it, or keep long texts as files.'
            )
          return { ...before, items }
        }),
      'library.remove': ({ kind, name }) =>
        change(before => ({ ...before, items: withoutItem(before.items, { kind, name }) }))
    },
    async isAskedFor(path) {
      const { items } = await kept.read()
      return isAskedFor(items, path)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => void (await kept.read())
  }
}
