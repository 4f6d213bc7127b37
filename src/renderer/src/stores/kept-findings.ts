import { KeptFinding, keptFindings } from '#common/model/kept-finding.ts'
import { useSession } from './session.ts'

export function keepFinding(finding: Omit<KeptFinding, 'id' | 'at' | 'kind'>): void {
  const session = useSession()
  const own = { ...finding, kind: 'head' as const, id: crypto.randomUUID(), at: Date.now() }
  // As a file has it: what is no number is null.
  session.findings = [...session.findings, JSON.parse(JSON.stringify(own)) as never]
}

/** The finding that says the same of the same head; null where none was kept. */
export function keptAlike(
  finding: Pick<KeptFinding, 'model' | 'layer' | 'head' | 'text' | 'over'>
): KeptFinding | null {
  return (
    keptFindings(useSession().findings).find(
      kept =>
        kept.model.path === finding.model.path &&
        kept.layer === finding.layer &&
        kept.head === finding.head &&
        kept.text === finding.text &&
        kept.over === finding.over
    ) ?? null
  )
}

export function dropFinding(id: string): void {
  const session = useSession()
  session.findings = session.findings.filter(
    finding => KeptFinding.safeParse(finding).data?.id !== id
  )
}
