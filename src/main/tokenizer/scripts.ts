import { sliceAligned, type AlignedText } from './aligned-text.ts'

/** The short names of Unicode's scripts. */
const names =
  'Adlm Aghb Ahom Arab Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd Cakm Cans Cari Cham Cher Copt Cprt Cyrl Deva Dsrt Dupl Egyp Elba Ethi Geor Glag Goth Gran Grek Gujr Guru Hang Hani Hano Hatr Hebr Hira Hluw Hmng Hung Ital Java Kali Kana Khar Khmr Khoj Knda Kthi Lana Laoo Latn Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Mand Mani Marc Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult Mymr Narb Nbat Newa Nkoo Ogam Olck Orkh Orya Osge Osma Palm Pauc Perm Phag Phli Phlp Phnx Plrd Prti Rjng Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sinh Sora Sund Sylo Syrc Tagb Takr Tale Talu Taml Tang Tavt Telu Tfng Tglg Thaa Thai Tibt Tirh Ugar Vaii Wara Xpeo Xsux Yiii Zinh Zyyy'.split(
    ' '
  )

let scripts: readonly (readonly [name: string, member: RegExp])[] | undefined
const known = new Map<string, string | null>()

/**
 * The script of a character, null of none. Hiragana and katakana count as Han, and a space as none, as the reference has it.
 */
function scriptOf(character: string): string | null {
  const found = known.get(character)
  if (found !== undefined) return found
  scripts ??= names.map(name => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const)
  const name = scripts.find(([, member]) => member.test(character))?.[0] ?? null
  const isHan = character === 'ー' || name === 'Hira' || name === 'Kana'
  const script = character === ' ' ? null : isHan ? 'Hani' : name
  known.set(character, script)
  return script
}

/** Cuts a text where its script changes; what has none stays with what is before it, and is left out at the start. */
export function scriptStretches(text: AlignedText): AlignedText[] {
  const starts: number[] = []
  let last: string | null = null
  let unit = 0
  for (const character of text.text) {
    const script = scriptOf(character)
    if (script !== null && script !== last) {
      starts.push(unit)
      last = script
    }
    unit += character.length
  }
  return starts.map((from, index) => sliceAligned(text, from, starts[index + 1] ?? unit))
}
