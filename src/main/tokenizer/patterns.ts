import { record, shown, type Step } from './definition.ts'
import { LamellaError } from '#common/model/errors.ts'
import { onigurumaPattern } from './oniguruma.ts'

/**
 * The pattern of a step, `{ "String": … }` or `{ "Regex": … }`.
 * @returns with the flag `g`
 * @throws LamellaError when it is neither, or cannot be said in this language
 */
export function patternOf(step: Step): RegExp {
  const { String: text, Regex: source } = record(step['pattern']) ?? {}
  if (typeof text === 'string') return new RegExp(RegExp.escape(text), 'gv')
  if (typeof source === 'string') return onigurumaPattern(source)
  throw new LamellaError(
    'file-invalid',
    `${step.type}: expected a pattern, got ${shown(step['pattern'])}`
  )
}

/**
 * The matches of a pattern, none of them empty where the one before it ends, or within a character, as Oniguruma gives them:
 * here what is said of no character, such as `(?!.)`, holds between the two halves of one, too.
 */
export function* matchesOf(text: string, pattern: RegExp): Generator<{ from: number; to: number }> {
  let last = -1
  for (const { index, 0: match } of text.matchAll(pattern)) {
    if (match === '' && (index === last || isWithinCharacter(text, index))) continue
    last = index + match.length
    yield { from: index, to: last }
  }
}

function isWithinCharacter(text: string, at: number): boolean {
  return at > 0 && text.codePointAt(at - 1)! > 0xffff
}
