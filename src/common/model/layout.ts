import { z } from 'zod'
import { LinkGroup } from './subject.ts'

/** More than anyone has open; a window builds them all at once. */
const mostTabs = 100
/** How far splits may lie within one another. */
const deepest = 8

/** A view of what a link group is about, whatever that is, and of what it is compared with. */
export const LayoutTab = z.object({
  type: z.string().min(1).max(100),
  on: LinkGroup,
  with: LinkGroup.nullable()
})
export type LayoutTab = z.infer<typeof LayoutTab>

const Share = z.number().gt(0).max(1)

/** Tabs that lie over one another. */
const TabStack = z.object({
  tabs: z.array(LayoutTab).min(1).max(mostTabs),
  /** Which of them is in front. */
  front: z.int().min(0)
})
export type TabStack = z.infer<typeof TabStack>

/** A stack of tabs, or parts side by side across the split that they lie in. */
export type LayoutPart = { share: number } & (TabStack | { parts: LayoutPart[] })

/** @param depth how many splits may lie in it */
function partWithin(depth: number): z.ZodType<LayoutPart> {
  const stack = TabStack.extend({ share: Share })
  if (depth === 0) return stack
  const parts = z.array(partWithin(depth - 1))
  return z.union([stack, z.object({ share: Share, parts: parts.min(1).max(mostTabs) })])
}

const Place = z.number().min(0).max(1)

/**
 * How tabs stand, without what they are about. Each tab is said where it stands: there is no way to place what is none.
 * Shares are of the extent of the split around, those of a floating stack of the whole area.
 */
export const Layout = z
  .object({
    /** How `parts` follow one another; splits within go across the one around them. */
    direction: z.enum(['row', 'column']),
    parts: z.array(partWithin(deepest)).max(mostTabs),
    floating: z.array(TabStack.extend({ left: Place, top: Place, width: Share, height: Share }))
  })
  .refine(
    layout => {
      const { length } = layoutTabs(layout)
      return length > 0 && length <= mostTabs
    },
    { error: `a layout has 1 to ${mostTabs} tabs` }
  )
export type Layout = z.infer<typeof Layout>

/** The tabs of a layout, in the order in which they stand. */
export function layoutTabs({ parts, floating }: Layout): LayoutTab[] {
  return layoutStacks({ parts, floating }).flatMap(({ tabs }) => tabs)
}

/** The stacks of tabs of a layout, in the order in which they stand. */
export function layoutStacks({ parts, floating }: Pick<Layout, 'parts' | 'floating'>): TabStack[] {
  return [...parts.flatMap(stacksOf), ...floating]
}

function stacksOf(part: LayoutPart): TabStack[] {
  return 'parts' in part ? part.parts.flatMap(stacksOf) : [part]
}
