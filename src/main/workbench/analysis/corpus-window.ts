import type { Corpus } from '#common/analysis/subject.ts'
import type { Token } from '#common/model/token.ts'
import type { Runnable } from '../run/runnable.ts'

/** Where the next window begins; plain JSON, to go on from. */
export interface CorpusPlace {
  /** Number of the source. */
  readonly source: number
  /** Where in its file, in bytes, the piece begins that holds the next window's first token. */
  readonly bytes: number
  /** Number of that piece's first token in the source. */
  readonly token: number
  /** Number of the next window's first token in the source. */
  readonly next: number
  /** Number of the token after those of the window before. */
  readonly covered: number
  /** Of sentences, which `next` counts in place of tokens: characters of that piece before the next one. */
  readonly characters?: number | undefined
}

export const corpusStart: CorpusPlace = { source: 0, bytes: 0, token: 0, next: 0, covered: 0 }

/** A window and where the one after it begins. */
export interface CorpusWindow {
  readonly tokens: readonly Token[]
  readonly label: string
  /** That it begins with tokens of the window before. */
  readonly overlaps?: true
  readonly after: CorpusPlace
  /** How much of the corpus lies before it, from 0 to 1, as the sizes of texts tell. */
  readonly share: number
}

/** How a corpus is cut. Who goes on with windows that another has begun puts a signal and a list of its own. */
export interface WindowRules {
  readonly model: Runnable
  readonly corpus: Pick<Corpus, 'window' | 'stride' | 'sentences'>
  signal: AbortSignal
  /** Says what is left out, in a line, and whether it may be there another time. */
  leave: (line: string, mayBeHad: boolean) => void
}
