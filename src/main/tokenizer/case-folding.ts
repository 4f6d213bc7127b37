interface Cases {
  /** Characters by what they are where case does not count; those that stand alone are in none. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly several: string
}

let known: Cases | undefined

/** Characters that are several letters where case does not count, as ß is two s. */
export function severalLetters(): string {
  return cases().several
}

/** A character and those that it is where case does not count. */
export function caseVariants(character: string): readonly string[] {
  return cases().groups.get(folded(character)) ?? [character]
}

/**
 * What a set lacks to be one in which case does not count.
 * @param set a regular expression with the flag `v` that matches one character
 */
export function missingVariants(set: string): string[] {
  const member = new RegExp(`^${set}$`, 'v')
  return [...cases().groups.values()].flatMap(group => {
    const missing = group.filter(character => !member.test(character))
    return missing.length === group.length ? [] : missing
  })
}

function cases(): Cases {
  if (known) return known
  const all = Array.from({ length: 0x1f000 }, (_, code) => String.fromCodePoint(code)).join('')
  const found = new Map<string, string[]>()
  let several = 'ẞİ'
  for (const [character] of all.matchAll(/\p{Changes_When_Casemapped}/gu)) {
    const key = folded(character)
    found.set(key, [...(found.get(key) ?? []), character])
    if (!isOne(character.toUpperCase())) several += character
  }
  known = { groups: new Map([...found].filter(([, group]) => group.length > 1)), several }
  return known
}

/** One letter for all that differ by case alone: the simple case folding of Unicode, without a dotless i. */
function folded(character: string): string {
  if (character === 'ı' || character === 'İ') return character
  const upper = character.toUpperCase()
  return (isOne(upper) ? upper : character).toLowerCase()
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff)
}
