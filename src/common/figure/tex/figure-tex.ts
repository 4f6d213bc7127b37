import { visibleText } from '../../text/visible-text.ts'
import { headingLetters } from '../bold-letters.ts'
import type { DrawnFigure } from '../drawn-figure.ts'
import type { Panel } from '../figure-kind.ts'
import { letterRoom } from '../drawn-figure.ts'
import { titleLeft } from '../title-marks.ts'
import { chartTex } from './chart-tex.ts'
import { mapTex, marksTex } from './map-tex.ts'
import { fontComments } from './tex-fonts.ts'
import {
  at,
  bp,
  cellMacro,
  short,
  texColor,
  texFont,
  texWords,
  type TexPlace
} from './tex-paint.ts'

const pointsOfMm = 72 / 25.4

/**
 * A drawn figure as a picture of TikZ and PGFPlots, to be read by \input.
 * @param lines where it comes from, said in comments
 * @throws RangeError naming what it holds that is not known here
 */
export function figureTex(
  { panel, look, wish, widthMm }: DrawnFigure,
  title: string,
  lines: readonly string[]
): string {
  const point = (widthMm * pointsOfMm) / panel.width
  const room = wish.letter === '' ? 0 : letterRoom(look)
  const place: TexPlace = { left: 0, top: room, point, scale: 1, maps: mapsOf(panel) }
  const drawn = panelTex(panel, place)
  const corner = at(panel.width, panel.height, place)
  const letter = headingLetters(look)
  const body = [
    ...(wish.background === 'none'
      ? []
      : [`\\fill[color=${texColor(look.paper)}] (0,0) rectangle ${corner};`]),
    `\\useasboundingbox (0,0) rectangle ${corner};`,
    `\\clip (0,0) rectangle ${corner};`,
    ...(wish.letter === ''
      ? []
      : [
          `\\node[lamella text,anchor=west,font=${texFont(letter, place)}] at (${titleLeft},${short(room / 2)}) {(${texWords(wish.letter)})};`
        ]),
    ...drawn
  ]
  const uses = (macro: string) => body.some(line => line.includes(`\\${macro}`))
  const comments = [title, ...lines].map(line => `% ${visibleText(line)}`)
  return [
    ...comments,
    `% ${short(widthMm)} mm wide. In the preamble: \\usepackage{pgfplots} \\pgfplotsset{compat=1.18}`,
    ...fontComments(body.join('')),
    // Ends of lines that are not said to be none are spaces beside the picture.
    ...(uses('lamellafromright')
      ? [
          '\\def\\lamellafromright#1{#1}%',
          '\\ifdefined\\directlua\\def\\lamellafromright#1{\\bgroup\\textdir TRT #1\\egroup}\\fi%',
          '\\ifdefined\\XeTeXrevision\\TeXXeTstate=1\\def\\lamellafromright#1{\\beginR #1\\endR}\\fi%'
        ]
      : []),
    ...(uses('lamellacell') ? [`${cellMacro}%`] : []),
    `\\begin{tikzpicture}[x=${bp(1, place)},y=-${bp(1, place)},lamella text/.style={inner sep=0pt,outer sep=0pt,text height=0.7em,text depth=0.2em}]`,
    ...body,
    '\\end{tikzpicture}%',
    ''
  ].join('\n')
}

/** How many maps there are in a panel. */
function mapsOf(panel: Panel): number {
  switch (panel.kind) {
    case 'map':
      return panel.rasters.length
    case 'chart':
      return 0
    case 'row':
      return panel.parts.reduce((sum, part) => sum + mapsOf(part.panel), 0)
  }
}

function panelTex(panel: Panel, place: TexPlace): string[] {
  switch (panel.kind) {
    case 'map':
      return mapTex(panel, place)
    case 'chart':
      return chartTex(panel, { ...place, scale: panel.scale ?? 1 })
    case 'row':
      return [
        ...panel.parts.flatMap(({ left, top, panel }) =>
          panelTex(panel, { ...place, left: place.left + left, top: place.top + top })
        ),
        ...marksTex(panel.marks, place)
      ]
  }
}
