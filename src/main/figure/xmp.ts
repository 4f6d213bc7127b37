import { visibleText } from '#common/text/visible-text.ts'
import { xmlText } from '#common/text/xml-text.ts'

/** What a file says of itself. */
export interface FileWords {
  readonly title: string
  /** Where it comes from, a line each. */
  readonly lines: readonly string[]
}

/**
 * What a file says of itself as an XMP packet, which PDF, PNG and TIFF hold in UTF-8.
 * @source ISO 16684-1:2019 (XMP), sections 7 and 8
 */
export function xmpOf({ title, lines }: FileWords): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title>${alternatives([title])}</dc:title>
<dc:description>${alternatives(lines)}</dc:description>
<xmp:CreatorTool>Lamella</xmp:CreatorTool>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`
}

function alternatives(lines: readonly string[]): string {
  // Of what is left, XML has no place for two.
  const text = lines.map(line => visibleText(line).replaceAll(/[\ufffe\uffff]/g, '\ufffd'))
  return `<rdf:Alt><rdf:li xml:lang="x-default">${xmlText(text.join('\n'))}</rdf:li></rdf:Alt>`
}
