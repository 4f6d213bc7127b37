import { KeptFinding, keptFindings } from '#common/model/kept-finding.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useModels } from './models.ts'
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

/** What the model of a finding is called now; one that neither the window nor the session knows, as it was called then. */
export function modelNameOf({ model: { path }, modelName }: KeptFinding): string {
  const models = useModels()
  if (models.open.some(model => model.path === path)) return models.nameAt(path)
  const known = useSession().file?.models.find(({ ref }) => ref.path === path)
  return visibleText(known?.name ?? modelName)
}

export function dropFinding(id: string): void {
  const session = useSession()
  session.findings = session.findings.filter(
    finding => KeptFinding.safeParse(finding).data?.id !== id
  )
}
