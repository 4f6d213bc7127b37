/** Something the window can do on request: in the palette, by keys, from a button. */
export interface Command {
  readonly id: string
  readonly title: string
  /** What it is called whatever it would do now, where the title tells that. */
  readonly name?: string
  /** What else it is found by in the palette, as menus call it or what comes of it. */
  readonly words?: string
  readonly group: string
  /** What tells it from others that are called the same. */
  readonly note?: string
  readonly keys?: readonly string[]
  /** Works while a text field has the cursor even without a modifier key. */
  readonly whileTyping?: boolean
  /** A text field that has the cursor has its own, such as undo. */
  readonly ownInFields?: boolean
  enabled?(): boolean
  run(): void
}
