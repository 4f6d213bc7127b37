import { headScatter, layerColor, symbolOf, type HeadScatterData } from '../../head-scatter.ts'
import { groupColor } from '../../leaf-axis.ts'
import {
  pointPalette,
  pointScatter,
  pointSize,
  type PointScatterData
} from '../../point-scatter.ts'
import { hexColor } from './colors.ts'
import { along, type PlottedKind, type Said } from '../plot.ts'

const signs = { circle: 'o', triangle: '^', diamond: 'D', rect: 's' } as const

export const headScatterPlot: PlottedKind<HeadScatterData> = {
  kind: headScatter,
  plot({ title, x, y, nLayers, points, distances }, look) {
    const axis = ({ name, baselines, span }: typeof x): Said => ({
      ...{
        name,
        baselines: [...baselines],
        span: span === undefined ? null : [span.low, span.high]
      }
    })
    return {
      form: 'scatter',
      numbers: { x: along(points.map(({ x }) => x)), y: along(points.map(({ y }) => y)) },
      said: {
        ...{ title, size: points.length > 60 ? 6 : 9, joined: false, faint: look.faint },
        ...{ x: axis(x), y: axis(y), zero: distances === null, unit: distances?.unit ?? null },
        reach: distances && [distances.reach.x, distances.reach.y],
        colors: points.map(({ layer, group }) =>
          group === null ? hexColor(layerColor(layer, nLayers, look)) : groupColor(group, look)
        ),
        signs: points.map(({ group }) => (group === null ? 'o' : signs[symbolOf(group, look)])),
        labels: points.map(({ layer, head }, i): Said => [i, `${layer}.${head}`]),
        legend: points.every(({ group }) => group === null)
          ? Array.from({ length: nLayers }, (_, layer): Said => [
              `layer ${layer}`,
              hexColor(layerColor(layer, nLayers, look)),
              'o'
            ])
          : [...new Set(points.map(({ group }) => group ?? 0))]
              .sort((a, b) => a - b)
              .map((group): Said => [
                `group ${group + 1}`,
                groupColor(group, look),
                signs[symbolOf(group, look)]
              ])
      }
    }
  }
}

export const pointScatterPlot: PlottedKind<PointScatterData> = {
  kind: pointScatter,
  plot({ title, axes, places, colors, colored, labels, joined, part }, look) {
    const palette = pointPalette(colored, look).map(hexColor)
    const count = colors.length
    const of = (side: 0 | 1) => Array.from({ length: count }, (_, i) => places[2 * i + side]!)
    const axis = (name: string | undefined, middle: number, room: number): Said => ({
      ...{ name: name ?? '', baselines: [], span: [middle - room / 2, middle + room / 2] }
    })
    const ends = colored.by === 'number' ? [colored.low, colored.high] : []
    return {
      form: 'scatter',
      numbers: { x: along(of(0)), y: along(of(1)) },
      said: {
        ...{ title, size: pointSize(count), joined, faint: look.faint, plain: axes === null },
        x: axis(axes?.x, part.x, part.width),
        y: axis(axes?.y, part.y, part.height),
        ...{ zero: false, unit: null, reach: null, signs: null, equal: true },
        palette,
        of: Array.from(colors),
        labels: labels.slice(0, 120).map(({ point, text }): Said => [point, text]),
        legend:
          colored.by === 'nothing'
            ? []
            : colored.by === 'class'
              ? colored.classes.map((name, i): Said => [name, palette[i]!, 'o'])
              : ends.map((end, i): Said => [
                  `${colored.name} ${Number(end.toPrecision(3))}`,
                  palette.at(-i)!,
                  'o'
                ])
      }
    }
  }
}
