import { attentionMap, mapScene, quantityName, type AttentionMapData } from '../../attention-map.ts'
import { coloringOf } from '../../color-table.ts'
import { distanceMatrix, matrixLayout, type DistanceMatrixData } from '../../distance-matrix.ts'
import { headGrid, type HeadGridData } from '../../head-grid.ts'
import { headMap, type HeadMapData } from '../../head-map.ts'
import { keySpan } from '../../heat-map-pixels.ts'
import { groupColor, groupSpans } from '../../leaf-axis.ts'
import { axisLabels } from '../../token-labels.ts'
import { tokenGrid, type TokenGridData } from '../../token-grid.ts'
import { weightMap, type Side, type WeightMapData } from '../../weight-map.ts'
import type { Visibility } from '../../../model/visibility.ts'
import { partShown, type Placing } from '../../viewport.ts'
import type { Numbers, PlottedKind, Said } from '../plot.ts'
import { colorsOf } from './colors.ts'

export const attentionMapPlot: PlottedKind<AttentionMapData> = {
  kind: attentionMap,
  plot(data, look, room) {
    const { tokens, visibility, firstHidden, mirrored, pattern, names, title, profiles } = data
    const size = Math.round(Math.sqrt(pattern.length))
    const labels = axisLabels(tokens).map(({ text }) => text)
    return {
      form: 'map',
      numbers: { values: seenCells(pattern, size, tokens.length, visibility, firstHidden) },
      said: {
        title,
        ...colorsOf(quantityName(data), coloringOf(data.quantity, look), look),
        ...{ rows: labels, columns: labels },
        ...{ down: names?.rows ?? 'query', across: names?.columns ?? 'key, attended to' },
        ...{ mirrored, square: true },
        part: data.part || data.view ? seenPart(mapScene(data, look, room)) : null,
        profiles: profiles && {
          ...{ queries: profiles.queries, keys: profiles.keys, color: look.accent, ink: look.ink },
          foot: data.quantity === 'difference' ? 0.5 : 0
        }
      }
    }
  }
}

/** The part of a matrix that is shown: its first row and column, and how many of each. */
function seenPart(placing: Pick<Placing, 'view' | 'stage'>): Said {
  const { row, column, rows, columns } = partShown(placing)
  return [row, column, rows, columns]
}

/** Cells that hold a value; all others are NaN. @param values [row, column] of one or several matrices */
function seenCells(
  values: ArrayLike<number>,
  size: number,
  tokens: number,
  visibility: Visibility | null,
  firstHidden: boolean
): Numbers {
  const each = tokens / size
  const shown = Array.from(values, (value, i) => {
    const [row, column] = [Math.floor(i / size), i % size]
    const { start, end } = keySpan(visibility, row * each, (row + 1) * each, tokens, firstHidden)
    return (column + 1) * each > start && column * each < end ? value : NaN
  })
  return { values: shown, shape: [size, size] }
}

export const headGridPlot: PlottedKind<HeadGridData> = {
  kind: headGrid,
  plot({ title, name, layers, heads, tokens, cells, maps, ...data }, look) {
    const square = cells * cells
    const values = layers.flatMap((_, row) =>
      Array.from({ length: heads }, (_, head) => {
        const from = (row * heads + head) * square
        const own = maps.subarray(from, from + square)
        const seen = data.visibility[row] ?? null
        return seenCells(own, cells, tokens, seen, data.firstHidden).values as number[]
      }).flat()
    )
    return {
      form: 'map_grid',
      numbers: { values: { values, shape: [layers.length, heads, cells, cells] } },
      said: {
        title,
        ...colorsOf(name, look.colorMap, look),
        ...{ layers, mirrored: data.mirrored }
      }
    }
  }
}

export const headMapPlot: PlottedKind<HeadMapData> = {
  kind: headMap,
  plot: ({ title, name, quantity, layers, heads, values }, look) => ({
    form: 'map',
    numbers: { values: { values, shape: [layers.length, heads] } },
    said: {
      title,
      ...colorsOf(name, coloringOf(quantity, look), look),
      ...{ rows: layers.map(String), columns: Array.from({ length: heads }, (_, i) => String(i)) },
      ...{ down: 'layer', across: 'head', numbered: true }
    }
  })
}

export const distanceMatrixPlot: PlottedKind<DistanceMatrixData> = {
  kind: distanceMatrix,
  plot(data, look, room) {
    const { title, name, leaves, signed = false, sides, distances } = data
    const labels = leaves.map(({ label }) => label)
    return {
      form: 'map',
      numbers: { values: { values: distances, shape: [leaves.length, leaves.length] } },
      said: {
        title,
        ...colorsOf(name, signed ? 'difference' : look.colorMap, look),
        ...{ rows: labels, columns: labels },
        ...{ down: sides?.rows ?? '', across: sides?.columns ?? '', square: true },
        frames: groupSpans(leaves).map(({ group, first, count }) => [
          first,
          count,
          sides ? look.line : groupColor(group, look)
        ]),
        part: data.view && seenPart(matrixLayout(data, look, room))
      }
    }
  }
}

export const weightMapPlot: PlottedKind<WeightMapData> = {
  kind: weightMap,
  plot({ title, name, rows, columns, names, labels, mirrored = false, values, flagged }, look) {
    const [down, across] = [sideLabels(rows, labels?.rows), sideLabels(columns, labels?.columns)]
    const place = (at: number, { from, each }: Side) => (at - from) / each - 0.5
    return {
      form: 'map',
      numbers: { values: { values, shape: [down.length, across.length] } },
      said: {
        title,
        ...colorsOf(name, 'difference', look),
        ...{ rows: down, columns: across, mirrored },
        ...{ down: names?.rows ?? 'row', across: names?.columns ?? 'column' },
        numbered: rows.each === 1 && columns.each === 1,
        ...(flagged && {
          flagged: {
            name: flagged.name,
            row: flagged.rows === undefined ? null : place(flagged.rows, rows),
            column: flagged.columns === undefined ? null : place(flagged.columns, columns)
          }
        })
      }
    }
  }
}

function sideLabels({ from, to, each }: Side, names: readonly string[] | undefined): string[] {
  const count = Math.ceil((to - from) / each)
  return Array.from(
    { length: count },
    (_, i) => names?.[from + i * each] ?? String(from + i * each)
  )
}

export const tokenGridPlot: PlottedKind<TokenGridData> = {
  kind: tokenGrid,
  plot(data, look) {
    const { title, rows, rowsName, tokens, expected, values, cells, hits, unit, ranks } = data
    const below = expected?.map(token => (token === null ? '' : axisLabels([token])[0]!.text))
    const columns = axisLabels(tokens).map(({ text }, i) => (below ? `${text}\n${below[i]}` : text))
    return {
      form: 'map',
      numbers: { values: { values, shape: [rows.length, tokens.length] } },
      said: {
        title,
        ...colorsOf(unit, coloringOf(data.quantity ?? 'weight', look), look),
        ...{ rows: [...rows], columns, down: rowsName, across: '', mirrored: data.mirrored },
        texts: axisLabels(cells).map(({ text }) => text),
        bold: [...hits].flatMap((hit, i) => (hit === 1 ? [i] : [])),
        ranks
      }
    }
  }
}
