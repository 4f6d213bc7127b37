import type { Dataset } from '#common/data/dataset.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { counted, exactCount } from '#common/text/number-text.ts'
import { windowsText } from '#common/text/read-in-words.ts'
import { visibleText } from '#common/text/visible-text.ts'

/** How much an analysis read, and what it left out, in words. */
export interface WhatWasRead {
  /** Such as `12 windows; left out: notes.txt and 2 more`. */
  readonly text: string
  /** The same with how long windows are, where texts are cut: `12 windows of up to 128 tokens; left out: …`. */
  readonly inFull: string
  /** All that was left out, a line each. */
  readonly left: readonly string[]
}

/** Null where the analysis does not say how many windows it read. */
export function whatWasRead({ attributes }: Pick<Dataset, 'attributes'>): WhatWasRead | null {
  const { windows, window, left_out: lines } = attributes
  if (typeof windows !== 'number') return null
  const left = Array.isArray(lines)
    ? lines.filter(line => typeof line === 'string').map(visibleText)
    : []
  const first = left.length === 0 ? '' : `; left out: ${left[0]}`
  const more = left.length > 1 ? ` and ${exactCount(left.length - 1)} more` : ''
  const length = typeof window === 'number' ? ` of up to ${counted(window, 'token')}` : ''
  const said = (length: string) => `${windowsText(windows)}${length}${first}${more}`
  return { text: said(''), inFull: said(length), left }
}

/** What heads are scored over, by its name. */
export function overName(corpus: Pick<NamedCorpus, 'name'> | null): string {
  return corpus ? visibleText(corpus.name) : 'this text'
}

/** What is said where a corpus that was chosen is there no more. */
export function lostCorpusText(name: string): string {
  return `There is no corpus “${visibleText(name)}” any more: this is of the text.`
}
