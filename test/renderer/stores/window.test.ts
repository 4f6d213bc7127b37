import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useWindow } from '../../../src/renderer/src/stores/window.ts'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
})
afterEach(() => void vi.unstubAllGlobals())

it('tells a dialog from the same one that was closed and opened again', () => {
  const panels = useWindow()
  panels.dialog = 'open'
  const isFirst = panels.thisDialog()
  expect(isFirst()).toBe(true)
  panels.dialog = null
  expect(isFirst()).toBe(false)
  panels.dialog = 'open'
  expect(isFirst()).toBe(false)
  const isSecond = panels.thisDialog()
  expect(isSecond()).toBe(true)
  panels.dialog = 'save'
  expect(isSecond()).toBe(false)
})
