const plurals: Readonly<Record<string, string>> = {
  space: 'spaces',
  newline: 'newlines',
  digit: 'digits',
  vowel: 'vowels',
  consonant: 'consonants',
  capital: 'capitals',
  final: 'final letters',
  repeated: 'repeated tokens',
  special: 'special tokens'
}

/** The tokens of a class, as they are said; those of one’s own go by their name. */
export function classWords(name: string): string {
  return plurals[name] ?? name.replaceAll('_', ' ')
}
