import { texText } from '../text/tex-text.ts'
import type { DrawnFigure } from './drawn-figure.ts'
import { presets, type FigurePreset } from './presets.ts'

/**
 * The lines of a TeX document that show a figure's file in its width.
 * @param file its name
 */
export function texInclude(
  { widthMm, wish }: Pick<DrawnFigure, 'widthMm' | 'wish'>,
  file: string,
  caption: string
): string {
  const { widths }: FigurePreset = presets[wish.preset]
  const [first] = widths
  const isWide = first?.name === 'one column' && widthMm > first.mm + 0.01
  const star = isWide ? '*' : ''
  return [
    `\\begin{figure${star}}`,
    '  \\centering',
    file.endsWith('.tex')
      ? `  \\input{\\detokenize{${file}}}`
      : `  \\includegraphics[width=${Number(widthMm.toFixed(2))}mm]{\\detokenize{${file}}}`,
    `  \\caption{${texText(caption)}}`,
    // Of the number that the caption has, after which it stands.
    `  \\label{fig:${labelOf(file)}}`,
    `\\end{figure${star}}`,
    ''
  ].join('\n')
}

/**
 * A file’s name as a reference takes it: letters and digits, such as `head-1-3`. A name that has others, such as Hebrew ones, is told
 * from those that differ in these by a number of its own.
 */
function labelOf(file: string): string {
  const name = file.replace(/\.\w+$/, '').toLowerCase()
  const plain = name.replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '')
  const hasOthers = /(?!\p{ASCII})[\p{L}\p{N}]/u.test(name)
  return [plain || 'figure', ...(hasOthers ? [numberOf(name)] : [])].join('-')
}

/** A number that hardly another name has. @source Fowler, Noll and Vo, FNV-1a of 32 bits */
function numberOf(name: string): string {
  const hash = new TextEncoder()
    .encode(name)
    .reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5)
  return (hash >>> 0).toString(36)
}
