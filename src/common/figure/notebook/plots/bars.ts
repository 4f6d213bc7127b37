import { barChart, type BarChartData } from '../../bar-chart.ts'
import { depthKinds, kindColor, type DepthKindsData } from '../../depth-kinds.ts'
import { scoreHistogram, tonesName, type ScoreHistogramData } from '../../score-histogram.ts'
import { scoreRow, type ScoreRowData } from '../../score-row.ts'
import { signedBars, type SignedBarsData } from '../../signed-bars.ts'
import { signedColor } from '../../signed-color.ts'
import { tokenBars, type TokenBarsData } from '../../token-bars.ts'
import { axisLabels } from '../../token-labels.ts'
import { vectorProduct, type VectorProductData } from '../../vector-product.ts'
import { hexColor } from './colors.ts'
import { along, stacked, type PlottedKind, type Said } from '../plot.ts'

export const barChartPlot: PlottedKind<BarChartData> = {
  kind: barChart,
  plot: ({ title, bars }, look) => ({
    form: 'bars',
    numbers: { values: along(bars.map(({ value }) => value)) },
    said: {
      title,
      name: '',
      labels: bars.map(({ label }) => label),
      notes: bars.map(({ notes }) => notes.join(' · ')),
      colors: bars.map(({ color }) => look.series[color % look.series.length]!),
      ...{ sums: [], span: [] }
    }
  })
}

export const signedBarsPlot: PlottedKind<SignedBarsData> = {
  kind: signedBars,
  plot({ title, name, bars, span }, look) {
    const spread = bars.map(({ spread }) => spread ?? NaN)
    return {
      form: 'bars',
      numbers: {
        values: along(bars.map(({ value }) => value)),
        ...(spread.some(Number.isFinite) && { spread: along(spread) })
      },
      said: {
        title,
        name,
        labels: bars.map(({ label }) => label),
        notes: null,
        colors: bars.map(({ value }) => hexColor(signedColor(value, look))),
        sums: bars.flatMap(({ isSum }, i) => (isSum ? [i] : [])),
        span: span ? [span.low, span.high] : []
      }
    }
  }
}

export const tokenBarsPlot: PlottedKind<TokenBarsData> = {
  kind: tokenBars,
  plot({ title, tokens, values, unit, high, low, ranks, marked, mirrored }, look) {
    const color = (value: number) =>
      low < 0 ? hexColor(signedColor(value, look)) : look.series[0]!
    return {
      form: 'token_bars',
      numbers: { values: along(values) },
      said: {
        ...{ title, name: unit, low, high, ranks, mirrored },
        labels: axisLabels(tokens).map(({ text }) => text),
        colors: Array.from(values, (value, i) => (marked.includes(i) ? look.accent : color(value)))
      }
    }
  }
}

export const scoreRowPlot: PlottedKind<ScoreRowData> = {
  kind: scoreRow,
  plot: ({ title, tokens, scores, weights, logsumexp, mirrored, selected, span }, look) => ({
    form: 'score_row',
    numbers: {
      scores: along(scores.map(score => (score === -Infinity ? NaN : score))),
      weights: along(weights)
    },
    said: {
      ...{ title, logsumexp, mirrored, selected },
      ...{ depth: span?.depth ?? 0, most: span?.weight ?? 0 },
      ...{ accent: look.accent, color: look.series[1]!, empty: look.empty },
      labels: axisLabels(tokens).map(({ text }, key) => `${key} ${text}`)
    }
  })
}

export const vectorProductPlot: PlottedKind<VectorProductData> = {
  kind: vectorProduct,
  plot: ({ title, q, k, order, axis, spans }, look) => ({
    form: 'vector_product',
    numbers: { q: along(q), k: along(k) },
    said: {
      ...{ title, order: [...order], axis, accent: look.accent },
      colors: [-1, 1].map(sign => hexColor(signedColor(sign, look))),
      spans: spans
        ? Object.fromEntries(
            Object.entries(spans).map(([row, { low, high }]) => [row, [low, high]])
          )
        : {}
    }
  })
}

export const depthKindsPlot: PlottedKind<DepthKindsData> = {
  kind: depthKinds,
  plot: ({ title, kinds, sides }, look) => ({
    form: 'stacked_bars',
    numbers: Object.fromEntries(
      sides.map(({ layers }, i) => [`counts_${i}`, stacked(layers.map(({ counts }) => counts))])
    ),
    said: {
      ...{ title, kinds: [...kinds] },
      colors: kinds.map((_, kind) => kindColor(kind, kinds, look)),
      sides: sides.map(({ name, layers }): Said => ({
        name,
        layers: layers.map(({ layer }) => layer)
      }))
    }
  })
}

export const scoreHistogramPlot: PlottedKind<ScoreHistogramData> = {
  kind: scoreHistogram,
  plot: ({ title, name, counts = 'how many', cells, bins, lines, lit, span }, look) => ({
    form: 'cell_histogram',
    numbers: { counts: along(cells.map(({ count }) => count)) },
    said: {
      ...{ title, name, counts, lit, tones: bins.length > 1 ? `\ntones: ${tonesName}` : '' },
      edges: [...cells.map(({ low }) => low), ...cells.slice(-1).map(({ high }) => high)],
      bins: bins.map(({ low, high }) => [low, high]),
      lines: lines.map(({ name, value, faint }) => [name, value, faint ? look.faint : look.ink]),
      span: span === undefined ? null : [span.low, span.high],
      colors: [look.series[1]!, look.series[6]!, look.accent]
    }
  })
}
