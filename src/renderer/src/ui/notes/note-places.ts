import { inject, type InjectionKey } from 'vue'
import type { Note } from '#common/model/session.ts'

/** Where notes belong, as the window knows it. */
export interface NotePlaces {
  /** In words, such as `Head 0.1 · gpt2`. */
  readonly textOf: (on: Note['on']) => string
  /** Whether there is anywhere to go. */
  readonly isSomewhere: (on: Note['on']) => boolean
  readonly go: (on: Note['on']) => void
}

/** The window gives them, so that a list of notes need not know how objects are opened. */
export const notePlacesKey: InjectionKey<NotePlaces> = Symbol('where notes belong')

export function useNotePlaces(): NotePlaces {
  return inject(notePlacesKey)!
}
