import { base64 } from './base64.ts'

/** Bytes as an address that holds them. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${base64(bytes)}`
}
