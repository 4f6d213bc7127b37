import { xmlText } from '../text/xml-text.ts'
import { headingLetters } from './bold-letters.ts'
import { letterRoom, type DrawnFigure } from './drawn-figure.ts'
import type { Look } from './look.ts'
import { panelSvg } from './panel-svg.ts'
import { presets, type FigurePreset } from './presets.ts'
import { titleLeft } from './title-marks.ts'
import { pixelsOfPoints } from './units.ts'

/** What an SVG document is made of: plain data, which may go to another thread. */
export type FigureToDraw = Pick<DrawnFigure, 'panel' | 'look' | 'wish'>

/** A drawn figure as an SVG document in its own size, with the letter and on the ground that are wanted. */
export function figureSvg({ panel, look, wish }: FigureToDraw): string {
  const preset: FigurePreset = presets[wish.preset]
  const plain = panelSvg(panel)
  const own = wish.background === 'none' ? plain.replace(ground, '') : plain
  const thin = preset.line === null ? own : withLines(own, pixelsOfPoints(preset.line))
  return wish.letter === '' ? thin : lettered(thin, wish.letter, look, wish.background)
}

/** The first rectangle of a document, under all else. */
const ground = /<rect width="[\d.]+" height="[\d.]+" x="0" y="0" fill="[^"]*"><\/rect>\n?/

/** All lines in proportion, the thinnest so many pixels. */
function withLines(svg: string, thinnest: number): string {
  const shapes = /<(path|polyline|polygon|rect|line|circle|ellipse)(\s[^>]*)>/g
  return svg.replaceAll(shapes, (whole, name: string, attributes: string) => {
    if (!/ stroke="(?!none)/.test(attributes)) return whole
    const width = Number(/ stroke-width="([\d.]+)"/.exec(attributes)?.[1] ?? 1)
    const rest = attributes.replace(/ stroke-width="[\d.]+"/, '')
    return `<${name}${rest} stroke-width="${Number((width * thinnest).toFixed(3))}">`
  })
}

function lettered(svg: string, letter: string, look: Look, background: 'paper' | 'none'): string {
  const room = letterRoom(look)
  const [opening = '', width = '0', height = '0'] =
    /<svg width="([\d.]+)" height="([\d.]+)"[^>]*>/.exec(svg) ?? []
  const high = Number(height) + room
  const taller = opening
    .replace(/ height="[\d.]+"/, ` height="${high}"`)
    .replace(/viewBox="[^"]*"/, `viewBox="0 0 ${width} ${high}"`)
  const paper =
    background === 'none'
      ? ''
      : `<rect width="${width}" height="${high}" x="0" y="0" fill="${look.paper}"></rect>`
  const { font, size, weight } = headingLetters(look)
  const style = `font: ${weight} ${size}px ${font.replaceAll('"', "'")}`
  const text = `<text dominant-baseline="central" text-anchor="start" style="${style}" transform="translate(${titleLeft} ${room / 2})" fill="${look.ink}">(${xmlText(letter)})</text>`
  const inside = svg.slice(svg.indexOf(opening) + opening.length).replace(/<\/svg>\s*$/, '')
  return `${taller}\n${paper}${text}\n<g transform="translate(0 ${room})">${inside}</g>\n</svg>`
}
