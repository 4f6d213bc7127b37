/** A map that holds so much and no more: what was used longest ago goes first. */
export interface BoundedMap<T> {
  get(key: string): T | undefined
  /** The value just put stays, whatever its size: somebody is using it. */
  set(key: string, value: T): void
  delete(key: string): void
  /** In the order of their last use. */
  entries(): readonly (readonly [string, T])[]
  readonly size: number
}

/** @param most of the sizes of all values together */
export function createBoundedMap<T>(most: number, sizeOf: (value: T) => number): BoundedMap<T> {
  /** The one used last at the end. */
  const held = new Map<string, { readonly value: T; readonly size: number }>()
  let total = 0

  function remove(key: string): void {
    total -= held.get(key)?.size ?? 0
    held.delete(key)
  }

  return {
    get(key) {
      const found = held.get(key)
      if (found === undefined) return undefined
      held.delete(key)
      held.set(key, found)
      return found.value
    },
    set(key, value) {
      remove(key)
      const size = sizeOf(value)
      held.set(key, { value, size })
      total += size
      for (const oldest of held.keys()) {
        if (total <= most || oldest === key) return
        remove(oldest)
      }
    },
    delete: remove,
    entries: () => [...held].map(([key, { value }]) => [key, value] as const),
    get size() {
      return held.size
    }
  }
}
