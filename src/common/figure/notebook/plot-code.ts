import {
  barsCode,
  cellHistogramCode,
  scoreRowCode,
  stackedBarsCode,
  tokenBarsCode,
  vectorProductCode
} from './forms/bar-forms.ts'
import { diagramCode, polygonsCode, treeCode } from './forms/diagram-forms.ts'
import { linesCode, scatterCode } from './forms/line-forms.ts'
import { colorsCode, mapCode, mapGridCode } from './forms/map-forms.ts'
import { contextsCode, linkGridCode, linksCode, shadedTextCode } from './forms/text-forms.ts'

/**
 * Python that draws each form into a figure by matplotlib, as `draw_<form>(fig, said, **numbers)`, after what it calls.
 */
const forms = {
  map: [colorsCode, mapCode],
  map_grid: [colorsCode, mapGridCode],
  bars: [barsCode],
  token_bars: [tokenBarsCode],
  score_row: [scoreRowCode],
  vector_product: [vectorProductCode],
  stacked_bars: [stackedBarsCode],
  cell_histogram: [cellHistogramCode],
  lines: [linesCode],
  scatter: [scatterCode],
  tree: [treeCode],
  links: [linksCode],
  link_grid: [linksCode, linkGridCode],
  shaded_text: [colorsCode, shadedTextCode],
  contexts: [colorsCode, contextsCode],
  diagram: [diagramCode],
  polygons: [polygonsCode]
} as const satisfies Readonly<Record<string, readonly string[]>>

export type PlotForm = keyof typeof forms

const ticksCode = `def name_ticks(axis, labels, rotation=0):
    """As many labels as there is room for, at even steps."""
    step = max(1, -(-len(labels) // most))
    axis.set_ticks(range(0, len(labels), step), labels[::step], rotation=rotation, fontsize=6)`

/** What draws some forms, each piece once. */
export function plotCode(drawn: readonly PlotForm[]): string {
  return [...new Set<string>([ticksCode, ...drawn.flatMap(form => forms[form])])].join('\n\n\n')
}
