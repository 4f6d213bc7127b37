import { visibleText } from '../text/visible-text.ts'

/** Why something failed, in one word that code can branch on. One cause, one code. */
export const errorCodes = [
  'invalid-argument',
  'not-found',
  'not-kept',
  'file-unreadable',
  'file-unwritable',
  'file-invalid',
  'file-changed',
  'unsupported',
  'engine-failed',
  'cancelled',
  'disconnected',
  'internal'
] as const

export type ErrorCode = (typeof errorCodes)[number]

/**
 * An error a user can understand: one line saying what, where, expected and got, and one of what to do next. Characters from
 * strangers' files that have no glyph or reorder the line stand by their number.
 */
export class LamellaError extends Error {
  override readonly name = 'LamellaError'
  readonly code: ErrorCode
  /** What to do next, when there is something. */
  readonly hint: string | undefined
  /** Paths of what can be opened in its place, when there are such. */
  readonly choices: readonly string[] | undefined

  constructor(code: ErrorCode, message: string, hint?: string, choices?: readonly string[]) {
    super(visibleText(message))
    this.code = code
    this.hint = hint === undefined ? undefined : visibleText(hint)
    this.choices = choices
  }
}

/** The error for work its caller no longer wants. */
export function cancelled(): LamellaError {
  return new LamellaError('cancelled', 'Cancelled')
}

/** Any thrown value as a LamellaError; what is none becomes `internal`, with its message. */
export function toLamellaError(thrown: unknown): LamellaError {
  if (thrown instanceof LamellaError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled()
  return new LamellaError('internal', thrown instanceof Error ? thrown.message : String(thrown))
}

/** An error as a message has it. */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string | undefined
  readonly choices?: readonly string[] | undefined
}

export function plainError({ code, message, hint, choices }: LamellaError): PlainError {
  return { code, message, ...(hint !== undefined && { hint }), ...(choices && { choices }) }
}

export function thrownError({ code, message, hint, choices }: PlainError): LamellaError {
  return new LamellaError(code, message, hint, choices)
}
