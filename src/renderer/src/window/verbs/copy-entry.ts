import type { MenuEntry } from '../../stores/menu.ts'

/** @param text or what gives it, once it is copied */
export function copyEntry(title: string, text: string | (() => string)): MenuEntry {
  const run = () => void navigator.clipboard.writeText(typeof text === 'function' ? text() : text)
  return { title, section: 'Copy', run }
}
