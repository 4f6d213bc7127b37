import { defineStore } from 'pinia'
import { pastKey } from '#common/model/library.ts'
import type { RunSource } from '#common/model/run-source.ts'

/** How many colours there are; `styles/tokens.css` says which. */
const colors = 8

/** The colours by which runs are told apart: each takes the next when it is first shown. */
export const useDots = defineStore('dots', () => {
  const numbers = new Map<string, number>()

  /** As CSS. Runs that differ in the provider alone are of one colour. */
  function ofRun(source: RunSource): string {
    const key = pastKey({ source })
    let number = numbers.get(key)
    if (number === undefined) {
      number = numbers.size
      numbers.set(key, number)
    }
    return `var(--run-${(number % colors) + 1})`
  }

  return { ofRun }
})
