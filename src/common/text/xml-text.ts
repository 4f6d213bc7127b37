import { soundText } from './visible-text.ts'

/** A text as it stands between tags of XML, and between double quotes in one. */
export function xmlText(text: string): string {
  return soundText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
