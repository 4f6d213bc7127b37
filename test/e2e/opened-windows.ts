import { afterEach } from 'vitest'
import { serveWindow, type ServedWindow } from './served-window.ts'

/** What opens windows, each of a server of its own, until the end of the test that asked for them. */
export function openedWindows(): typeof serveWindow {
  const windows: ServedWindow[] = []
  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close()
  })
  return async (...given) => {
    const window = await serveWindow(...given)
    windows.push(window)
    return window
  }
}
