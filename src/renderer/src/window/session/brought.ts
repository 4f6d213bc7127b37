import { findingReadAs } from '#common/analysis/head-atlas/kept-finding.ts'
import type { SessionWindow } from '#common/contract/session-window.ts'
import { freeName, itemKey, type ItemRef, type LibraryItem } from '#common/model/library.ts'
import type { SessionContent } from '#common/model/session.ts'
import { isEqual } from './session-value.ts'
import { readAs } from './named-reads.ts'

/** What a session brings, by the names that it has in the library here. */
interface Brought {
  /** What the library does not have yet. */
  readonly items: readonly LibraryItem[]
  readonly tabs: SessionWindow['tabs']
  readonly findings: SessionContent['findings']
}

/**
 * What has a name in a session, under one like it where the library has another thing of the name: the session's tabs and findings
 * read what it brings, and nothing that is called the same here, also where it brings nothing of a name.
 */
export function broughtInto(
  library: readonly LibraryItem[],
  session: Pick<SessionContent, 'library' | 'findings'> & Pick<SessionWindow, 'tabs'>
): Brought {
  const names = new Map<string, string>()
  const items: LibraryItem[] = []
  /** Where the library has the name, another; it stands for the same throughout the session. */
  function named(ref: ItemRef): string {
    const known = names.get(itemKey(ref))
    if (known !== undefined) return known
    const name = freeName([...library, ...items], ref.kind, ref.name)
    names.set(itemKey(ref), name)
    return name
  }
  for (const item of session.library)
    if (library.some(known => isEqual(known, item))) names.set(itemKey(item), item.name)
    else items.push({ ...item, name: named(item) })
  return {
    items,
    tabs: session.tabs.map(tab => readAs(tab, named)),
    findings: session.findings.map(finding =>
      findingReadAs(finding, name => named({ kind: 'corpus', name }))
    )
  }
}
