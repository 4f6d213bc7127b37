export const layoutMethods = ['pca', 'tsne', 'umap', 'axis'] as const
export type LayoutMethod = (typeof layoutMethods)[number]

/** Points of methods whose work grows with their square or nearly so, where it is not said how many; and the most. */
const counts: Readonly<Record<LayoutMethod, { readonly usual: number; readonly most: number }>> = {
  pca: { usual: Infinity, most: Infinity },
  axis: { usual: Infinity, most: Infinity },
  umap: { usual: 5000, most: 100_000 },
  tsne: { usual: 2000, most: 10_000 }
}

/** The most points that a method lays out; of more a sample is drawn. @param asked null for what is usual */
export function pointLimit(method: LayoutMethod, asked: number | null): number {
  const { usual, most } = counts[method]
  return Math.min(asked ?? usual, most)
}
