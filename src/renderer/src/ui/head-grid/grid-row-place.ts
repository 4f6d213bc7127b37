/** Where a row of a grid of heads stands, in CSS pixels, and how its cells do. */
export interface GridRowPlace {
  readonly layer: number
  readonly heads: number
  readonly top: number
  /** A side of a cell, and the room after it. */
  readonly cell: number
  readonly gap: number
  /** Query heads that share a key/value head stand together; so many, with this much room after them. */
  readonly group: number
  readonly groupGap: number
  readonly labelWidth: number
  /** The head that is selected; null where it is in another layer. */
  readonly selected: number | null
  /** Heads that are selected together, by `partId`. */
  readonly among: ReadonlySet<string>
}
