/** A point of a timeline: which line, at which checkpoint. */
export interface TimelinePoint {
  readonly line: number
  readonly checkpoint: number
}
