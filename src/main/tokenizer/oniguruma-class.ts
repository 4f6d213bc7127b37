import { missingVariants, severalLetters } from './case-folding.ts'
import { broken, matchAt, unsaid, type Reading } from './oniguruma-reading.ts'

const unassigned = '\\p{White_Space}\\p{Cc}\\p{Cn}\\p{Cs}'

/** What Oniguruma calls some sets of characters, as sets of this language. */
const named: Readonly<Record<string, string>> = {
  alpha: '\\p{Alphabetic}',
  alnum: '[\\p{Alphabetic}\\p{Nd}]',
  ascii: '[\\0-\\x7f]',
  blank: '[\\t\\p{Zs}]',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  graph: `[^${unassigned}]`,
  lower: '\\p{Lowercase}',
  print: `[[^${unassigned}]\\p{Zs}]`,
  punct: '[\\p{P}\\p{S}]',
  space: '\\p{White_Space}',
  upper: '\\p{Uppercase}',
  word: '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]',
  xdigit: '[0-9A-Fa-f]'
}

const letters: Readonly<Record<string, string>> = { d: 'digit', s: 'space', w: 'word', h: 'xdigit' }

/** The set that an escape such as `\w` or `\W` stands for, or undefined. */
export function setOf(letter: string): string | undefined {
  const name = letters[letter.toLowerCase()]
  if (name === undefined) return undefined
  return letter === letter.toLowerCase() ? named[name]! : `[^${named[name]!}]`
}

/** A character as it stands for itself, in a class or outside. */
export function escapedCharacter(character: string): string {
  return /^[\p{L}\p{N}]$/u.test(character)
    ? character
    : `\\u{${character.codePointAt(0)!.toString(16)}}`
}

const controls: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b'
}

/** The set or the one character that the escape where a pattern is read stands for. */
export function escapedSet(reading: Reading): { set?: string; character?: string } {
  const rest = reading.source.slice(reading.at, reading.at + 80)
  const next = String.fromCodePoint(
    rest.codePointAt(1) ?? broken(reading, 'it ends at a backslash')
  )
  const [braced, kind, not, name] = /^\\([pP])\{(\^?)([^}]*)\}/.exec(rest) ?? []
  if (braced !== undefined) {
    reading.at += braced.length
    const set = property(reading, name!)
    return { set: (kind === 'P') === (not === '^') ? set : `[^${set}]` }
  }
  const [coded, ...digits] =
    /^\\(?:x\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-7][0-9A-Fa-f]?)(?![0-9A-Fa-f])|(0[0-7]{0,2}))/.exec(
      rest
    ) ?? []
  if (coded !== undefined) {
    const [long, short, byte, octal] = digits
    const code = octal === undefined ? parseInt(long ?? short ?? byte!, 16) : parseInt(octal, 8)
    if (code > 0x10ffff) broken(reading, `${coded} is no character`)
    reading.at += coded.length
    return { character: String.fromCodePoint(code) }
  }
  if (/[xucCMo0-9]/.test(next)) unsaid(reading, `\\${next}`)
  reading.at += 1 + next.length
  const set = setOf(next)
  return set === undefined ? { character: controls[next] ?? next } : { set }
}

/** Properties of strings, which are no sets of characters. */
const ofStrings = /^(basic_emoji|emoji_keycap_sequence|rgi_)/i

/** A set by its name: of Oniguruma's own, of a general category, of a property or of a script. */
function property(reading: Reading, name: string): string {
  const own = named[name.toLowerCase().replace(/[\s_-]/g, '')]
  // Of this name alone, symbols are none.
  if (own !== undefined) return name.toLowerCase() === 'punct' ? '\\p{P}' : own
  const words = name
    .trim()
    .split(/[\s_-]+/)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
  const spellings = [name, words.join('_'), name.toUpperCase(), words.join('')]
  const known = ofStrings.test(name)
    ? undefined
    : spellings
        .filter(spelling => /^\w+$/.test(spelling))
        .flatMap(spelling => [`\\p{${spelling}}`, `\\p{Script=${spelling}}`])
        .find(isSet)
  return known ?? unsaid(reading, `\\p{${name}}`)
}

function isSet(source: string): boolean {
  try {
    return new RegExp(source, 'v').source !== ''
  } catch {
    return false
  }
}

const posix = /\[:(\^?)(\w+):\]/y

/**
 * The class that begins where a pattern is read.
 * @param ignoresCase whether case counts for none of its characters
 * @param depth of the classes around it
 */
export function classItem(reading: Reading, ignoresCase: boolean, depth = 0): string {
  if (depth > 100) unsaid(reading, 'classes 100 deep')
  const { source } = reading
  reading.at++
  const negated = source[reading.at] === '^'
  if (negated) reading.at++
  const first = reading.at
  /** Each a set; characters are in all that stand between two &&. */
  const operands: string[] = ['']
  const add = (item: string) => (operands[operands.length - 1] += item)
  for (;;) {
    if (reading.at >= source.length) broken(reading, 'a [ without its ]')
    if (source[reading.at] === ']' && reading.at > first) break
    if (source.startsWith('&&', reading.at)) {
      reading.at += 2
      if (operands.at(-1) === '') unsaid(reading, '&& without a set before it')
      operands.push('')
      continue
    }
    const item = member(reading, depth)
    if (item.set !== undefined) add(item.set)
    else add(range(reading, item.character!, depth))
  }
  reading.at++
  if (operands.at(-1) === '')
    unsaid(reading, operands.length > 1 ? '&& without a set after it' : '[]')
  const stated = operands.length === 1 ? operands[0]! : operands.map(set => `[${set}]`).join('&&')
  const content = ignoresCase ? `[${stated}]${variantsMissing(`[${stated}]`)}` : stated
  if (ignoresCase && !negated) checkSeveral(reading, stated)
  return `[${negated ? '^' : ''}${content}]`
}

function checkSeveral(reading: Reading, stated: string): void {
  const [several] = severalLetters().match(new RegExp(`[${stated}]`, 'v')) ?? []
  if (several !== undefined) unsaid(reading, `${several} in any case`)
}

function variantsMissing(set: string): string {
  return missingVariants(set).map(escapedCharacter).join('')
}

function member(reading: Reading, depth: number): { set?: string; character?: string } {
  const { source } = reading
  const character = String.fromCodePoint(source.codePointAt(reading.at)!)
  if (character === '\\') {
    // In a class it is a backspace.
    if (source[reading.at + 1] === 'b') {
      reading.at += 2
      return { character: '\b' }
    }
    if (/[RXNOKGkg]/.test(source[reading.at + 1] ?? ''))
      unsaid(reading, 'such an escape in a class')
    return escapedSet(reading)
  }
  if (character === '[') {
    const [all, not, name] = matchAt(reading, posix) ?? []
    if (all === undefined) return { set: classItem(reading, false, depth + 1) }
    reading.at += all.length
    const set = named[name!] ?? unsaid(reading, all)
    return { set: not === '^' ? `[^${set}]` : set }
  }
  reading.at += character.length
  return { character }
}

/** One character, or those from it up to another. */
function range(reading: Reading, from: string, depth: number): string {
  const { source } = reading
  const isRange =
    source[reading.at] === '-' &&
    reading.at + 1 < source.length &&
    source[reading.at + 1] !== ']' &&
    !source.startsWith('&&', reading.at + 1)
  if (!isRange) return escapedCharacter(from)
  reading.at++
  const { character: to } = member(reading, depth)
  if (to === undefined) return broken(reading, 'a range that ends with a set')
  if (to.codePointAt(0)! < from.codePointAt(0)!) broken(reading, 'an empty range')
  return `${escapedCharacter(from)}-${escapedCharacter(to)}`
}
