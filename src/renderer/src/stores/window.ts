import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

export type DialogName = 'palette' | 'open' | 'keys' | 'memory' | 'describe' | 'number' | 'notices'

/** A number that is asked for, and who takes it. */
export interface AskedNumber {
  readonly title: string
  readonly label: string
  readonly value: number
  take(value: number): void
}

/** The panels at the sides, their widths, and the dialog that is open. */
export const useWindow = defineStore('window', () => {
  const left = ref({ open: true, width: 224 })
  const right = ref({ open: true, width: 264 })
  /** Share of an attention view that its grid takes. */
  const gridShare = ref(0.36)
  const dialog = ref<DialogName | null>(null)
  /** The text has the focus and lies over the views. */
  const editing = ref(false)
  const asking = shallowRef<AskedNumber | null>(null)
  function askNumber(asked: AskedNumber): void {
    asking.value = asked
    dialog.value = 'number'
  }
  /** Counts requests to put the cursor into the text. */
  const textFocus = ref(0)
  /** The command that a view asks for last; views do not know the commands themselves. */
  const requested = shallowRef<{ readonly id: string } | null>(null)

  function request(id: string): void {
    requested.value = { id }
  }

  /** Id of the model whose check of values somebody asks to see. */
  const checkWanted = ref<string | null>(null)

  return {
    checkWanted,
    left,
    right,
    editing,
    gridShare,
    dialog,
    asking,
    askNumber,
    textFocus,
    requested,
    request
  }
})
