import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import { useResults, type Asked } from '../../src/renderer/src/stores/results.ts'
import { pending } from './fake-client.ts'

/** Something that was asked for, which the test answers. */
export interface Question extends Omit<ReturnType<typeof pending<unknown>>, 'promise'> {
  readonly asked: Asked<unknown>
}

/** Stores of a window as far as views need one, in which whatever is computed is kept here until the test answers it. */
export function askingStores(): Question[] {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('window', { addEventListener: () => undefined })
  setActivePinia(createPinia())
  const questions: Question[] = []
  const ask = (asked: Asked<unknown>, signal?: AbortSignal) => {
    const { promise, ...answer } = pending<unknown>()
    questions.push({ asked, ...answer })
    signal?.addEventListener('abort', () => answer.reject(signal.reason))
    return promise
  }
  useResults().ask = ask as never
  return questions
}
