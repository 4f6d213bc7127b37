import { visibleJson } from '#common/text/visible-text.ts'

/** What `--json` prints of a value. */
export function printedJson(value: unknown): string {
  return visibleJson(JSON.stringify(value, null, 2))
}
