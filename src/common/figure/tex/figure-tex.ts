import type { DrawnFigure } from '../drawn-figure.ts'
import type { Panel } from '../figure-kind.ts'
import { letterRoom } from '../drawn-figure.ts'
import { chartTex } from './chart-tex.ts'
import { mapTex } from './map-tex.ts'
import { at, bp, short, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

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
  const place: TexPlace = { left: 0, top: room, point }
  const drawn = panelTex(panel, place)
  const corner = at(panel.width, panel.height, place)
  const letter = { font: look.sans, size: look.size + 1, weight: 600 }
  const body = [
    ...(wish.background === 'none'
      ? []
      : [`\\fill[color=${texColor(look.paper)}] (0,0) rectangle ${corner};`]),
    `\\useasboundingbox (0,0) rectangle ${corner};`,
    ...(wish.letter === ''
      ? []
      : [
          `\\node[lamella text,anchor=west,font=${texFont(letter, place)}] at (4,${short(room / 2)}) {(${texWords(wish.letter)})};`
        ]),
    ...drawn
  ]
  const isLatin = !/[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(body.join(''))
  const comments = [title, ...lines].flatMap(line => line.split('\n')).map(line => `% ${line}`)
  return [
    ...comments,
    `% ${short(widthMm)} mm wide. In the preamble: \\usepackage{pgfplots} \\pgfplotsset{compat=1.18}`,
    ...(isLatin
      ? []
      : [
          '% Letters beyond Latin: compile with LuaLaTeX, \\usepackage{fontspec} and fonts that have them, for Hebrew such as',
          '% \\setsansfont{Noto Sans Hebrew} \\setmonofont{Noto Sans Hebrew}'
        ]),
    '\\providecommand\\lamellafromright[1]{#1}',
    '\\ifdefined\\directlua\\def\\lamellafromright#1{\\bgroup\\textdir TRT #1\\egroup}\\fi',
    `\\begin{tikzpicture}[x=${bp(1, place)},y=-${bp(1, place)},lamella text/.style={inner sep=0pt,outer sep=0pt,text height=0.7em,text depth=0.2em}]`,
    ...body,
    '\\end{tikzpicture}',
    ''
  ].join('\n')
}

function panelTex(panel: Panel, place: TexPlace): string[] {
  switch (panel.kind) {
    case 'map':
      return mapTex(panel, place)
    case 'chart':
      return chartTex(panel, place)
    case 'row':
      return [
        ...panel.parts.flatMap(({ left, top, panel }) =>
          panelTex(panel, { ...place, left: place.left + left, top: place.top + top })
        ),
        ...mapTex({ rasters: [], marks: panel.marks }, place)
      ]
  }
}
