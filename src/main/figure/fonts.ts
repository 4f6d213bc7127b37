import { create, type Font } from 'fontkit'
import { nameLookupsOnce } from './feature-lookups.ts'
import { fontFamilies, fontFile, packageFile } from './font-files.ts'

/** A font of figures: one of the files that a family's letters are spread over. */
export interface FigureFace {
  /** Names it among all of them. */
  readonly name: string
  readonly family: string
  readonly weight: number
  /** TrueType */
  readonly bytes: Uint8Array
  readonly font: Font
}

/** Signs, arrows and letters that the others lack. */
const wholeFonts = [
  { family: 'DejaVu Sans', weight: 400, file: 'DejaVuSans' },
  { family: 'DejaVu Sans', weight: 700, file: 'DejaVuSans-Bold' },
  { family: 'DejaVu Sans Mono', weight: 400, file: 'DejaVuSansMono' },
  { family: 'DejaVu Sans Mono', weight: 700, file: 'DejaVuSansMono-Bold' }
] as const

/** Where else letters are looked for, after the families that a figure names. */
const lastOf = {
  mono: ['DejaVu Sans Mono', 'DejaVu Sans'],
  others: ['DejaVu Sans']
} as const

let faces: Promise<readonly FigureFace[]> | null = null

/** All fonts that figures are written in, read once. */
export function figureFaces(): Promise<readonly FigureFace[]> {
  faces ??= readFaces()
  return faces
}

/**
 * The fonts that a letter is looked for in, in their order.
 * @param names as CSS has them, such as `Inter, 'Noto Sans Hebrew', sans-serif`
 */
export function facesFor(
  all: readonly FigureFace[],
  names: string,
  weight: number
): readonly FigureFace[] {
  const named = names
    .split(',')
    .map(name => name.trim().replaceAll(/['"]/g, ''))
    // On the screen they have one file for all weights.
    .map(name => name.replace(/ Variable$/, ''))
  const last = named.some(name => name.includes('Mono')) ? lastOf.mono : lastOf.others
  return [...named, ...last].flatMap(family => nearest(all, family, weight))
}

/** The files of a family in the weight that is nearest. */
function nearest(all: readonly FigureFace[], family: string, weight: number): FigureFace[] {
  const own = all.filter(face => face.family === family)
  const distance = (face: FigureFace) => Math.abs(face.weight - weight)
  const least = Math.min(...own.map(distance))
  return own.filter(face => distance(face) === least)
}

async function readFaces(): Promise<readonly FigureFace[]> {
  const subsets = fontFamilies.flatMap(own =>
    own.weights.flatMap(weight =>
      own.parts.map(async part => {
        const { family } = own
        // Its signs would run together into arrows.
        const without = family === 'JetBrains Mono' ? ['GSUB'] : []
        const bytes = await fontFile(own, part, weight, without)
        nameLookupsOnce(bytes)
        return faceOf(`${family} ${weight} ${part}`, family, weight, bytes)
      })
    )
  )
  const whole = wholeFonts.map(async ({ family, weight, file }) => {
    const bytes = await packageFile(`dejavu-fonts-ttf/ttf/${file}.ttf`)
    return faceOf(`${family} ${weight}`, family, weight, bytes)
  })
  return Promise.all([...subsets, ...whole])
}

function faceOf(name: string, family: string, weight: number, bytes: Uint8Array): FigureFace {
  return { name, family, weight, bytes, font: create(Buffer.from(bytes)) as Font }
}
