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

const roomCode = `# Letters of fewer points are not read.
least = 4


def room(fig, side):
    """Points that axes have along x or y in a part of a figure, beside what stands around them."""
    return 0.75 * (fig.bbox.width if side == "x" else fig.bbox.height) / fig.dpi * 72


def every(fig, side, count, wide):
    """Each which of so many labels there is room for. wide: of one, in sizes of letters"""
    return max(1, int(np.ceil(count * wide * plt.rcParams["font.size"] / room(fig, side))))


def filled(fig, text):
    """A text in lines as long as a part of a figure is wide."""
    most = max(10, int(room(fig, "x") / 0.75 / (0.6 * plt.rcParams["font.size"])))
    return "\\n".join(textwrap.fill(line, most) for line in text.split("\\n"))


def name_ticks(axis, labels, rotation=0, square=False):
    """As many labels as there is room for, at even steps. square: the other side is as long, and has a bar beside it"""
    side = axis.axis_name
    longest = max(map(len, labels), default=1) if side == "x" and rotation == 0 else 1
    wide = 0.6 + 0.6 * longest
    if square:
        step = max(every(axis.axes.figure, own, len(labels), 1.5 * wide) for own in "xy")
    else:
        step = every(axis.axes.figure, side, len(labels), wide)
    axis.set_ticks(range(0, len(labels), step), labels[::step], rotation=rotation)`

/** What draws some forms, each piece once. */
export function plotCode(drawn: readonly PlotForm[]): string {
  return [...new Set<string>([roomCode, ...drawn.flatMap(form => forms[form])])].join('\n\n\n')
}
