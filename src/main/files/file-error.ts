import { basename } from 'node:path'
import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** The error for a file whose content breaks its format: `file name: cause`. */
export function invalidFile(path: string, cause: string, hint?: string): LamellaError {
  return new LamellaError('file-invalid', `${fileLabel(path)}: ${cause}`, hint)
}

/** The error for a file that is sound but holds what Lamella does not read. */
export function unsupportedFile(path: string, cause: string, hint?: string): LamellaError {
  return new LamellaError('unsupported', `${fileLabel(path)}: ${cause}`, hint)
}

/** What the system threw for a path that a person gave: it is named as a whole. */
export function pathError(path: string, thrown: unknown): LamellaError {
  return fileError(path, thrown, path)
}

/** What the system threw for `path`, as an error that names the file and the cause. */
export function fileError(path: string, thrown: unknown, label = fileLabel(path)): LamellaError {
  if (thrown instanceof LamellaError) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  const cause = causes[code] ?? `cannot be read (${code || String(thrown)})`
  return new LamellaError(
    missing ? 'not-found' : 'file-unreadable',
    `${label}: ${cause}`,
    nextSteps[code]
  )
}

/** A file's name without its folder, safe to print. */
export function fileLabel(path: string): string {
  return printable(basename(path) || path)
}

/** A name from a file in quotes, safe to print. */
export function quoted(name: string): string {
  return `"${printable(name)}"`
}

/**
 * Text from a file, shortened, and with control, format (also bidirectional) and lone surrogate characters
 * as `\u{…}`.
 */
export function printable(text: string): string {
  const short = text.length > 100 ? `${firstLetters(text, 80)}… (${text.length} characters)` : text
  return short.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    character => `\\u{${character.codePointAt(0)!.toString(16)}}`
  )
}

const causes: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'permission to read it is denied',
  EPERM: 'permission to read it is denied',
  ELOOP: 'is a link that leads back to itself',
  EISDIR: 'is a folder, not a file',
  ENAMETOOLONG: 'its name is too long for this system'
}

const nextSteps: Record<string, string> = {
  EACCES: 'Allow it to be read, or take a copy that is your own.',
  EPERM: 'Allow it to be read, or take a copy that is your own.',
  ELOOP: 'Put the file itself in its place.'
}
