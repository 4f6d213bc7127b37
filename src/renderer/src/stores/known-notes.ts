import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'

/** Models whose notes are kept as looked at: the oldest give way. */
const mostModels = 200

type Told = Pick<ModelInfo, 'fingerprint' | 'notes'>

/** Which notes on the reading of a model were looked at: runs warn of all others. */
export const useKnownNotes = defineStore('known-notes', () => {
  /** By the fingerprint of the model, the latest last. */
  const known = shallowRef<Record<string, string[]>>({})

  /** Those that nobody has looked at. */
  function unknownOf({ fingerprint, notes }: Told): readonly string[] {
    return notes.filter(note => !known.value[fingerprint]?.includes(note))
  }

  function look(model: Told): void {
    if (unknownOf(model).length === 0) return
    const others = Object.entries(known.value).filter(([of]) => of !== model.fingerprint)
    const kept = others.slice(1 - mostModels)
    known.value = Object.fromEntries([...kept, [model.fingerprint, [...model.notes]]])
  }

  return { known, unknownOf, look }
})
