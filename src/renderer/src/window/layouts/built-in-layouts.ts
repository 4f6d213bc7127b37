import type { Layout, LayoutTab, TabStack } from '#common/model/layout.ts'
import type { LinkGroup } from '#common/model/subject.ts'

/** Layouts that are there from the start, of views that there are. */
export const builtInLayouts: readonly { readonly name: string; readonly layout: Layout }[] = [
  {
    name: 'Find a head',
    layout: split('row', [0.6, stack(tab('attention'), tab('overview'))], [0.4, stack(tab('head'))])
  },
  {
    name: 'Compare two models',
    layout: split(
      'row',
      [
        0.5,
        stack(
          tab('attention'),
          tab('head', 'A', 'B'),
          tab('model-comparison', 'A', 'B'),
          tab('overview')
        )
      ],
      [0.5, stack(tab('attention', 'B'), tab('head', 'B'), tab('overview', 'B'))]
    )
  },
  {
    name: 'Trace a prediction',
    layout: split('column', [0.5, stack(tab('attention'))], [0.5, stack(tab('head'))])
  }
]

function tab(type: string, on: LinkGroup = 'A', other: LinkGroup | null = null): LayoutTab {
  return { type, on, with: other }
}

/** The first of the tabs is in front. */
function stack(...tabs: LayoutTab[]): TabStack {
  return { tabs, front: 0 }
}

function split(
  direction: Layout['direction'],
  ...parts: readonly (readonly [share: number, stack: TabStack])[]
): Layout {
  return {
    direction,
    parts: parts.map(([share, stack]) => ({ share, ...stack })),
    floating: []
  }
}
