import { drawnPanels, pageWish } from '#common/figure/panels/drawn-panels.ts'
import { panelsPage } from '#common/figure/panels/panels-page.ts'
import type { PanelContent } from '#common/figure/panels/panel-content.ts'
import { panelsProvenance, type CaptionedPanel } from '#common/figure/panels/opened-figure.ts'
import { panelsDataset, panelsWithout } from '#common/figure/panels/panels-dataset.ts'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { tablePlan } from '#common/data/dataset-csv.ts'
import type { ExportFormat } from '../../stores/exports.ts'

/**
 * The files that a figure of panels can be saved as.
 * @param contents of its panels; null for one that cannot be read
 * @param session path of the session's file
 */
export function figureFormats(
  figure: SessionFigure,
  opened: readonly CaptionedPanel[],
  contents: readonly (PanelContent | null)[],
  { version, session }: { readonly version: string; readonly session: string }
): ExportFormat[] {
  if (opened.length === 0) return []
  const { name, lettering } = figure
  const from = panelsProvenance(figure, opened, contents, { session, version })
  const numbers = panelsDataset(contents, lettering)
  return [
    {
      is: 'figure',
      title: name,
      note: '',
      from,
      ...(numbers && { dataset: () => numbers }),
      plain: pageWish(figure),
      draw: wish => drawnPanels(figure, opened, wish),
      heading: () => null,
      shows: () => '',
      kept: () => null,
      page: () => panelsPage(figure, opened)
    },
    ...(numbers === null
      ? []
      : ([
          {
            is: 'data',
            title: name,
            note: '',
            from,
            left: tablePlan(numbers).left,
            without: panelsWithout(contents, lettering),
            dataset: () => numbers
          }
        ] as const))
  ]
}
