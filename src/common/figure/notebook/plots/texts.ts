import { attentionLines, headColor, type AttentionLinesData } from '../../attention-lines.ts'
import { differenceColor } from '../../color-table.ts'
import { coloringOf } from '../../color-table.ts'
import { contextLines, type ContextLinesData } from '../../context-lines.ts'
import type { Quantity } from '../../heat-map-pixels.ts'
import type { Look } from '../../look.ts'
import { modelLines, type ModelLinesData } from '../../model-lines.ts'
import { flowedIn, noteOf, shadedText, unitOf, type ShadedTextData } from '../../shaded-text.ts'
import { axisLabels } from '../../token-labels.ts'
import { along, type PlottedKind, type Said } from '../plot.ts'
import { colorsOf, hexColor } from './colors.ts'

/** Colours of lines by their head, or, of differences, of less and more. */
function lineColors(quantity: Quantity, heads: readonly number[], look: Look): string[] {
  return quantity === 'difference'
    ? [-1, 1].map(sign => hexColor(differenceColor(sign, look.paper)))
    : heads.map(head => headColor(head, look))
}

export const attentionLinesPlot: PlottedKind<AttentionLinesData> = {
  kind: attentionLines,
  plot: ({ title, tokens, first, rows, heads, lines, quantity, note, mirrored }, look) => ({
    form: 'links',
    numbers: { weights: along(lines.map(({ weight }) => weight)) },
    said: {
      ...{ title, note, mirrored, scale: look.scale, high: look.range.high },
      ...{ signed: quantity === 'difference', first, shown: rows },
      labels: axisLabels(tokens).map(({ text }) => text),
      names: quantity === 'difference' ? ['less', 'more'] : heads.map(({ name }) => name),
      colors: lineColors(quantity, heads.map(({ color }) => color), look), // prettier-ignore
      ends: lines.map(({ query, key, head }): Said => [query, key, head])
    }
  })
}

export const modelLinesPlot: PlottedKind<ModelLinesData> = {
  kind: modelLines,
  plot: ({ title, note, heads, cells, quantity, mirrored }, look) => ({
    form: 'link_grid',
    numbers: {
      weights: along(cells.flatMap(({ lines }) => lines.map(({ weight }) => weight)))
    },
    said: {
      ...{ title, note, mirrored, heads, scale: look.scale, signed: quantity === 'difference' },
      colors: lineColors(quantity, Array.from({ length: heads }, (_, head) => head), look), // prettier-ignore
      cells: cells.map(({ layer, head, rows, high, lines }): Said => ({
        ...{ layer, head, rows, high },
        ends: lines.map(({ query, key }): Said => [query, key])
      }))
    }
  })
}

export const shadedTextPlot: PlottedKind<ShadedTextData> = {
  kind: shadedText,
  plot(whole, look, { width }) {
    const data = flowedIn(whole, look, width)
    const { title, quantity, ranks, boxes, weights, own, room } = data
    return {
      form: 'shaded_text',
      numbers: { weights: along(weights) },
      said: {
        ...{ title, note: noteOf(data), own, ranks },
        ...{ room: [room.width, room.height], accent: look.accent, letters: look.size },
        ...colorsOf(unitOf(data), coloringOf(quantity, look), look),
        boxes: boxes.map(({ x, y, width, height, text, group }): Said => [
          ...[x, y, width, height, text, group]
        ])
      }
    }
  }
}

export const contextLinesPlot: PlottedKind<ContextLinesData> = {
  kind: contextLines,
  plot({ title, mirrored, groups }, look) {
    const all = groups.flatMap(({ lines }) =>
      lines.flatMap(({ before, query, after }) => [...before, query, ...after])
    )
    return {
      form: 'contexts',
      numbers: { weights: along(all.map(({ weight }) => weight ?? NaN)) },
      said: {
        ...{ title, mirrored, accent: look.accent, faint: look.faint },
        ...colorsOf('', look.colorMap, look),
        groups: groups.map(({ label, lines }): Said => ({
          label,
          lines: lines.map(({ score, before, query, after }): Said => ({
            score,
            query: before.length,
            texts: [...before, query, ...after].map(({ text }) => text)
          }))
        }))
      }
    }
  }
}
