/**
 * Has each feature of a TrueType font that places letters name its steps once, where the font's bytes are. What does all that
 * a feature names, as fontkit does, else takes the steps twice: Inter pulls the digits of 7.1 into each other.
 * @source OpenType, “Feature List Table”: a step is taken once, in the order of all steps
 */
export function nameLookupsOnce(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const table = tableOffset(view, 'GPOS')
  if (table === null) return
  const list = table + view.getUint16(table + 6)
  for (let i = 0; i < view.getUint16(list); i++) {
    const feature = list + view.getUint16(list + 2 + 6 * i + 4)
    const at = (index: number) => feature + 4 + 2 * index
    const count = view.getUint16(feature + 2)
    const lookups = new Set(Array.from({ length: count }, (_, index) => view.getUint16(at(index))))
    view.setUint16(feature + 2, lookups.size)
    ;[...lookups].forEach((lookup, index) => view.setUint16(at(index), lookup))
  }
}

/** Where a table of a font begins; null where it has none of that name. */
function tableOffset(view: DataView, tag: string): number | null {
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + 16 * i
    const own = String.fromCharCode(...[0, 1, 2, 3].map(at => view.getUint8(record + at)))
    if (own === tag) return view.getUint32(record + 8)
  }
  return null
}
