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

/** A file’s name as a reference takes it: letters and digits, such as `head-1-3`. */
function labelOf(file: string): string {
  const name = file.replace(/\.\w+$/, '').toLowerCase()
  return name.replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '') || 'figure'
}
