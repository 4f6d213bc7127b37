import { caseVariants, severalLetters } from './case-folding.ts'
import { classItem, escapedCharacter, escapedSet, setOf } from './oniguruma-class.ts'
import { broken, matchAt, unsaid, type Reading } from './oniguruma-reading.ts'

/**
 * A pattern of a tokenizer.json, which is written for Oniguruma, as one of this language that matches alike.
 * @returns with the flags `g` and `v`
 * @throws LamellaError `unsupported` naming what cannot be said in this language, `file-invalid` where Oniguruma would refuse
 * @source doc/RE of Oniguruma 6.9, its own syntax
 */
export function onigurumaPattern(source: string): RegExp {
  const reading: Reading = { source, at: 0, atomics: 0 }
  const translated = alternatives(reading, { ...noOptions }, 0, false)
  if (reading.at < source.length) broken(reading, 'a ) without its (')
  try {
    return new RegExp(translated, 'gv')
  } catch {
    return broken(reading, 'it cannot be compiled')
  }
}

/** Options in force where a pattern is read: ignore case, a dot is any character, white space is left out. */
interface Options {
  readonly i: boolean
  readonly m: boolean
  readonly x: boolean
}

const noOptions: Options = { i: false, m: false, x: false }

/** Deeper groups are no pattern that a person wrote. */
const depthLimit = 200

const lineStart = '(?:(?<![^])|(?<=\\n)(?=[^]))'
const lineEnd = '(?:(?![^])|(?=\\n))'
/** By itself, and at its ends, a character of a word is one by a table of Latin-1, too, which has these; in a class it is not. */
const word = `[${setOf('w')!}²³¹¼½¾]`
const outsideOfClass: ReadonlyMap<string | undefined, string> = new Map([
  [setOf('w'), word],
  [setOf('W'), `[^${word}]`]
])
const boundary = `(?:(?<!${word})(?=${word})|(?<=${word})(?!${word}))`

/** What escapes outside of classes stand for that are no set and no character. */
const anchors: Readonly<Record<string, string>> = {
  A: '(?<![^])',
  z: '(?![^])',
  Z: '(?=\\n?(?![^]))',
  b: boundary,
  B: `(?!${boundary})`,
  R: '(?:\\r\\n|(?!\\r\\n)[\\n-\\r\\u0085\\u2028\\u2029])',
  N: '[^\\n]',
  O: '[^]'
}

/** Reads up to the end of a group. */
function alternatives(reading: Reading, options: Options, depth: number, behind: boolean): string {
  if (depth > depthLimit) unsaid(reading, `groups ${depthLimit} deep`)
  const { source } = reading
  let out = ''
  let now = options
  // Options that are set on the way hold up to the end of the group, over alternatives too.
  let open = 0
  while (reading.at < source.length && source[reading.at] !== ')') {
    if (source[reading.at] === '|') {
      reading.at++
      out += '|'
      continue
    }
    const set = optionsSet(reading, now)
    if (set !== null) {
      now = set
      out += '(?:'
      open++
      continue
    }
    const atom = atomOf(reading, now, depth, behind)
    out += atom === '' ? '' : quantified(reading, atom, now, behind)
  }
  return out + ')'.repeat(open)
}

/** Options that hold from here on, `(?i)`; null where there are none. */
function optionsSet(reading: Reading, options: Options): Options | null {
  const [all, on, off] = matchAt(reading, /\(\?([imx]*)(?:-([imx]*))?\)/y) ?? []
  if (all === undefined) return null
  reading.at += all.length
  return changed(options, on!, off)
}

function changed(options: Options, on: string, off = ''): Options {
  const value = (flag: keyof Options) => (on.includes(flag) || options[flag]) && !off.includes(flag)
  return { i: value('i'), m: value('m'), x: value('x') }
}

function atomOf(reading: Reading, options: Options, depth: number, behind: boolean): string {
  const { source } = reading
  const character = String.fromCodePoint(source.codePointAt(reading.at)!)
  if (options.x) {
    const [ignored] = matchAt(reading, /\s+|#[^\n]*/y) ?? []
    if (ignored !== undefined) {
      reading.at += ignored.length
      return ''
    }
  }
  switch (character) {
    case '(':
      return group(reading, options, depth, behind)
    case '[':
      return classItem(reading, options.i)
    case '\\':
      return escaped(reading, options)
    case '*':
    case '+':
    case '?':
      return broken(reading, `nothing to repeat before ${character}`)
  }
  reading.at += character.length
  if (character === '.') return options.m ? '[^]' : '[^\\n]'
  if (character === '^') return lineStart
  if (character === '$') return lineEnd
  return literal(reading, character, options)
}

function literal(reading: Reading, character: string, options: Options): string {
  if (!options.i) return escapedCharacter(character)
  checkFolding(reading, character)
  const variants = caseVariants(character).map(escapedCharacter)
  return variants.length === 1 ? variants[0]! : `[${variants.join('')}]`
}

function escaped(reading: Reading, options: Options): string {
  const next = reading.source[reading.at + 1]
  if (next === undefined) broken(reading, 'it ends at a backslash')
  if (Object.hasOwn(anchors, next)) {
    reading.at += 2
    return anchors[next]!
  }
  if (/[1-9kgKGyYX]/.test(next)) unsaid(reading, `\\${next}`)
  const { set, character } = escapedSet(reading)
  // Outside of a class a set has the case that it says.
  return outsideOfClass.get(set) ?? set ?? literal(reading, character!, options)
}

const kinds: readonly (readonly [opening: RegExp, as: string])[] = [
  [/\(\?:/y, '(?:'],
  [/\(\?=/y, '(?='],
  [/\(\?!/y, '(?!'],
  [/\(\?<=/y, '(?<='],
  [/\(\?<!/y, '(?<!'],
  [/\(\?>/y, '(?>'],
  // Nothing refers to what a group holds.
  [/\(\?<[^\W\d]\w*>/y, '(?:'],
  [/\((?!\?)/y, '(?:']
]

function group(reading: Reading, options: Options, depth: number, behind: boolean): string {
  const [comment] = matchAt(reading, /\(\?#[^)]*\)/y) ?? []
  if (comment !== undefined) {
    reading.at += comment.length
    return ''
  }
  const [withOptions, on, off] = matchAt(reading, /\(\?([imx]*)(?:-([imx]*))?:/y) ?? []
  const [opening, as] = kinds.find(([kind]) => matchAt(reading, kind) !== null) ?? []
  const start = withOptions ?? (opening && matchAt(reading, opening)![0])
  if (start === undefined) unsaid(reading, `groups ${reading.source.slice(reading.at).slice(0, 4)}`)
  reading.at += start.length
  const inner = withOptions === undefined ? options : changed(options, on!, off)
  const isBehind = behind || as === '(?<=' || as === '(?<!'
  const content = alternatives(reading, inner, depth + 1, isBehind)
  if (reading.source[reading.at] !== ')') broken(reading, 'a ( without its )')
  reading.at++
  if (as === '(?>') return atomic(reading, content, behind)
  return `${as ?? '(?:'}${content})`
}

const quantifier = /([*+?]|\{(?:\d+(?:,\d*)?|,\d+)\})([?+]?)/y

/** An atom with the quantifiers after it. */
function quantified(reading: Reading, atom: string, options: Options, behind: boolean): string {
  let out = atom
  for (let repeated = false; ; repeated = true) {
    const ignored = options.x ? (matchAt(reading, /\s+/y)?.[0].length ?? 0) : 0
    const found = matchAt({ ...reading, at: reading.at + ignored }, quantifier)
    if (found === null) return out
    const [all, range, mode] = found as unknown as [string, string, string]
    reading.at += ignored + all.length
    const times = range.startsWith('{,') ? `{0${range.slice(1)}` : range
    const [, from, to] = /^\{(\d+),(\d+)\}$/.exec(times) ?? []
    if (from !== undefined && Number(from) > Number(to)) unsaid(reading, range)
    const repeats = `${repeated || !isSingle(out) ? `(?:${out})` : out}${times}`
    if (mode === '+' && range.length === 1) out = atomic(reading, repeats, behind)
    // Of a number of times, + and, where it is one number, ? are quantifiers of their own.
    else if (mode === '+' || (mode === '?' && /^\{\d+\}$/.test(times)))
      out = `(?:${repeats})${mode}`
    else out = repeats + mode
  }
}

/** Whether a quantifier behind a translated atom is one of all of it, and allowed. */
function isSingle(atom: string): boolean {
  return atom.length === 1 || /^(\\u\{[0-9a-f]+\}|\\[pP]\{[^}]*\}|\[[^[\]]*\])$/.test(atom)
}

/** Matches as its content does first and gives nothing back: what a lookahead found is not found anew. */
function atomic(reading: Reading, content: string, behind: boolean): string {
  if (behind) unsaid(reading, 'possessive repetition in a lookbehind')
  const name = `a${++reading.atomics}`
  return `(?=(?<${name}>${content}))\\k<${name}>`
}

// Letters that Oniguruma takes for one other where case does not count; this language does not.
const folded =
  /^(s[st]|f[fil]|\u0565\u0582|\u0574[\u0576\u0565\u056b\u056d]|\u057e\u0576|.\p{M}|\u02bcn)/iu

function checkFolding(reading: Reading, character: string): void {
  const two = character + (reading.source[reading.at] ?? '')
  if (severalLetters().includes(character) || folded.test(two))
    unsaid(reading, `${two} in any case`)
}
