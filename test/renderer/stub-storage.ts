import { vi } from 'vitest'

/** A tab's own storage in place of the page's, as what lies in it; `room.left` says whether it takes more. */
export function stubStorage() {
  const held = new Map<string, string>()
  const room = { left: true }
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => held.get(key) ?? null,
    removeItem: (key: string) => held.delete(key),
    setItem(key: string, value: string) {
      if (!room.left) throw new Error('full')
      held.set(key, value)
    }
  })
  return { held, room }
}
