import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { pastKey } from '#common/model/library.ts'
import type { RunSource } from '#common/model/run-source.ts'

/** How many colours there are; `styles/tokens.css` says which. */
const colors = 8
/** So many runs keep their colours: the oldest give way, as many at a time as there are colours. */
const mostRuns = 8 * colors

/** The colours by which runs are told apart: each takes the next when it is first shown, and has it in a window that comes back. */
export const useDots = defineStore('dots', () => {
  let marks: string[] = []
  /** What is kept of them: marks of the runs, in the order of their colours. */
  const kept = shallowRef<readonly string[]>([])

  /** As CSS. Runs that differ in the provider alone are of one colour. */
  function ofRun(source: RunSource): string {
    const mark = markOf(pastKey({ source }))
    if (!marks.includes(mark)) {
      marks = [...marks.slice(marks.length < mostRuns ? 0 : colors), mark]
      // Not while what asks is drawn.
      queueMicrotask(() => (kept.value = marks))
    }
    return `var(--run-${(marks.indexOf(mark) % colors) + 1})`
  }

  function bringBack(saved: readonly string[]): void {
    marks = [...saved]
    kept.value = marks
  }

  return { kept, ofRun, bringBack }
})

/** A run's key may be as long as its text. */
function markOf(key: string): string {
  let mark = key.length
  for (let at = 0; at < key.length; at++)
    mark = Math.imul((mark ^ key.charCodeAt(at)) >>> 0, 0x9e3779b1) ^ (mark >>> 15)
  return (mark >>> 0).toString(36)
}
