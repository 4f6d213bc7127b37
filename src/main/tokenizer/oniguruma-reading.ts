import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** A pattern and how far it is read. */
export interface Reading {
  readonly source: string
  at: number
  /** How many parts of it give nothing back once they matched. */
  atomics: number
}

/** What a sticky expression matches where a pattern is read. */
export function matchAt(
  { source, at }: Pick<Reading, 'source' | 'at'>,
  sticky: RegExp
): RegExpExecArray | null {
  sticky.lastIndex = at
  return sticky.exec(source)
}

/** Throws for what this language has no words for. */
export function unsaid({ source }: Reading, what: string): never {
  throw new LamellaError(
    'unsupported',
    `the pattern ${shownPattern(source)} has ${what}, which is not read`,
    'Token ids can be typed by hand.'
  )
}

/** Throws for what is no pattern. */
export function broken({ source }: Reading, problem: string): never {
  throw new LamellaError('file-invalid', `the pattern ${shownPattern(source)}: ${problem}`)
}

function shownPattern(source: string): string {
  return JSON.stringify(source.length > 60 ? `${firstLetters(source, 57)}…` : source)
}
