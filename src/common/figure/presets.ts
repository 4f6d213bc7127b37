import { z } from 'zod'

/** Widths that a page has for figures, in millimetres, from narrow to wide. */
export interface PresetWidth {
  readonly name: 'one column' | 'two columns' | 'the text'
  readonly mm: number
}

/** What a journal or a conference asks of figures. */
export interface FigurePreset {
  readonly text: string
  /** None where a figure keeps its own. */
  readonly widths: readonly PresetWidth[]
  /** Of labels, in points; null where a figure keeps its own. */
  readonly points: number | null
  /** How thin the thinnest lines are, in points; null where a figure keeps its own. */
  readonly line: number | null
  /** Of a page's text; of what is drawn as on the screen that of an A4 page with margins of 25 mm. */
  readonly mostHeightMm: number
  /** Letters are no larger, in points; left out where they may be. */
  readonly mostPoints?: number
  /** That of the pages that it is of; left out where any goes with them. */
  readonly font?: FigureFont
  /** What else is asked, in a few words. */
  readonly note: string
}

const column = (mm: number): PresetWidth => ({ name: 'one column', mm })
const columns = (mm: number): PresetWidth => ({ name: 'two columns', mm })
const text = (mm: number): PresetWidth => ({ name: 'the text', mm })
const paper = (
  name: string,
  widths: readonly PresetWidth[],
  points: number,
  mostHeightMm: number,
  note = ''
): FigurePreset => ({ text: name, widths, points, line: 0.5, mostHeightMm, note })

const assumed = 'size of letters assumed'

/**
 * Widths as the instructions to authors give them, those of IEEE as IEEEtran has its columns (252 and 516 pt), which are narrower than
 * the 3.5 in of its instructions; sizes of letters, too, but for those whose note says that it is assumed.
 * @source for letters: the author kits of CVPR (letters as those of the text, of 10 pt) and AAAI (at least 9 pt), JMLR's formatting
 * instructions (at least 9 pt), IEEE's conference template (8 pt), Springer's instructions for LNCS (ECCV: no smaller than 6 pt);
 * those of ACL and TMLR say nothing of them; for heights: the text of the published style files, of ICML, NeurIPS, ICLR, AAAI and TMLR
 * 9 in, of AISTATS and IEEEtran's conferences 9.25 in, of CVPR 8.875 in, of JMLR 8.5 in, of llncs 19.3 cm, of ACL that of an A4 page
 * with margins of 2.5 cm, of the class article 550 pt
 */
export const presets = {
  screen: {
    ...{ text: 'As on the screen', widths: [], points: null, line: null, mostHeightMm: 247 },
    note: ''
  },
  icml: paper('ICML', [column(82.55), columns(171.45)], 8, 228.6),
  aistats: paper('AISTATS', [column(82.55), columns(171.45)], 8, 234.95),
  neurips: paper('NeurIPS', [text(139.7)], 9, 228.6),
  iclr: paper('ICLR', [text(139.7)], 9, 228.6),
  cvpr: paper('CVPR', [column(82.55), columns(174.6)], 10, 225.4, 'letters as in the text'),
  aaai: paper('AAAI', [column(83.8), columns(177.2)], 9, 228.6, 'letters from 9 pt'),
  jmlr: paper('JMLR', [text(152.4)], 9, 215.9, 'letters from 9 pt'),
  tmlr: paper('TMLR', [text(165.1)], 9, 228.6, assumed),
  eccv: paper('ECCV', [text(122)], 8, 193, 'letters from 6 pt'),
  acl: paper('ACL', [column(77), columns(160)], 8, 247, assumed),
  ieee: paper('IEEE', [column(88.56), columns(181.35)], 8, 234.95),
  nature: {
    ...paper('Nature', [column(89), columns(183)], 7, 170, 'letters of 5 to 7 pt'),
    mostPoints: 7
  },
  // The class article at 10 pt has lines of 345 pt.
  tex: {
    ...paper('TeX document', [text(121.25)], 10, 193.3, 'your \\linewidth and font size'),
    font: 'computer-modern'
  }
} as const satisfies Readonly<Record<string, FigurePreset>>

/**
 * Letters of fewer points are hardly read in print.
 * @source the least that Nature's instructions allow
 */
export const legiblePoints = 5

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]

/** The fonts that figures are written in: what each is called, and its families as CSS has them; null for those of a look. */
export const fonts = {
  sans: { text: 'Sans', note: 'Inter', families: null },
  serif: { text: 'Serif', note: 'Tinos, as wide as Times', families: 'Tinos, serif' },
  'computer-modern': {
    ...{ text: 'LaTeX', note: 'Computer Modern, as LaTeX documents have it' },
    // Hebrew and signs that it lacks are as those of the other font with serifs.
    families: "'CMU Serif', Tinos, serif"
  }
} as const

export type FigureFont = keyof typeof fonts
export const figureFonts = Object.keys(fonts) as FigureFont[]
/** As a window offers them. */
export const fontChoices = figureFonts.map(value => ({
  ...{ value, text: fonts[value].text, note: fonts[value].note }
}))

/** How a figure is wanted in a file. */
export const FigureWish = z.object({
  preset: z.enum(presetNames),
  /** In millimetres; its own where it is null. */
  widthMm: z.number().min(10).max(2000).nullable(),
  /** Of a width in millimetres; left out for the height that goes with it. */
  heightMm: z.number().exactOptional(),
  /** Of labels, in points; the preset's where it is null. */
  points: z.number().min(3).max(48).nullable(),
  font: z.enum(figureFonts),
  title: z.boolean(),
  /** Such as `a`; empty for none. */
  letter: z.string().max(4),
  background: z.enum(['paper', 'none']),
  /** The bar of colours lies below the map, or another one has it. */
  bar: z.literal([false, 'below']).exactOptional()
})
export type FigureWish = z.output<typeof FigureWish>

/** A figure as it is seen, on paper. */
export const plainWish: FigureWish = {
  preset: 'screen',
  widthMm: null,
  points: null,
  font: 'sans',
  title: true,
  letter: '',
  background: 'paper'
}

/** What a preset asks for, in its narrowest width. */
export function presetWish<W extends FigureWish>(name: PresetName, wish: W): W {
  const { widths, points }: FigurePreset = presets[name]
  // Of what a figure is, a paper's caption tells.
  const title = name === 'screen'
  const font = presetFont(name, wish)
  return { ...wish, preset: name, widthMm: widths[0]?.mm ?? null, points, font, title }
}

/** The font that goes with a preset: its own, else the one that was chosen; one that another preset brought leaves with it. */
export function presetFont(
  name: PresetName,
  { preset, font }: Pick<FigureWish, 'preset' | 'font'>
): FigureFont {
  const own = (of: PresetName): FigureFont | undefined => (presets[of] as FigurePreset).font
  return own(name) ?? (font === own(preset) ? plainWish.font : font)
}
