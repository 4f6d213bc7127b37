import { plainWish, presetWish, type FigureWish } from './presets.ts'

/**
 * What a command is given to draw a figure as it is wished for, as it is typed.
 * @param plain how it draws it without being asked
 * @param dpi dots an inch of pixels; null of a file that has none
 */
export function wishOptions(
  wish: FigureWish,
  dpi: number | null,
  plain: FigureWish = plainWish
): string[] {
  const { preset, widthMm, points, font, title, letter, background } = wish
  const asked = presetWish(preset, plain)
  return [
    ...(preset === 'screen' ? [] : ['--preset', preset]),
    ...(widthMm === null || widthMm === asked.widthMm ? [] : ['--width', `${widthMm}mm`]),
    ...(points === null || points === asked.points ? [] : ['--points', String(points)]),
    ...(font === asked.font ? [] : ['--font', font]),
    ...(title === asked.title ? [] : [title ? '--title' : '--no-title']),
    ...(letter === '' ? [] : ['--letter', letter]),
    ...(background === plain.background ? [] : ['--background', background]),
    ...(dpi === null ? [] : ['--dpi', String(dpi)])
  ]
}
