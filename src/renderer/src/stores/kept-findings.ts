import {
  FindingAsked,
  KeptFinding,
  keptFindings
} from '#common/analysis/head-atlas/kept-finding.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useModels } from './models.ts'
import { useSession } from './session.ts'

/** A finding before it is kept. */
export type FoundHead = Omit<KeptFinding, 'id' | 'at' | 'kind'>

/** What a finding was found in, of so many characters at most, is kept with it. */
const mostAsked = 2 ** 16

/** What is kept of that: it as it is, or nothing where it is long. */
export function keptAsked(asked: FindingAsked | null): Pick<KeptFinding, 'asked'> {
  return asked === null || JSON.stringify(asked).length > mostAsked ? {} : { asked }
}

export function keepFinding(finding: FoundHead): void {
  const session = useSession()
  const own = { ...finding, kind: 'head' as const, id: crypto.randomUUID(), at: Date.now() }
  // As a file has it: what is no number is null.
  session.findings = [...session.findings, JSON.parse(JSON.stringify(own)) as never]
}

/** The finding that says the same of the same head; null where none was kept. */
export function keptAlike(
  finding: Pick<KeptFinding, 'model' | 'layer' | 'head' | 'text' | 'over' | 'asked'>
): KeptFinding | null {
  return (
    keptFindings(useSession().findings).find(
      kept =>
        kept.model.path === finding.model.path &&
        kept.layer === finding.layer &&
        kept.head === finding.head &&
        kept.text === finding.text &&
        kept.over === finding.over &&
        (kept.asked === undefined || askedText(kept.asked) === askedText(finding.asked))
    ) ?? null
  )
}

/** In one order, whoever made it. */
function askedText(asked: KeptFinding['asked']): string | null {
  return asked === undefined ? null : JSON.stringify(FindingAsked.parse(asked))
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
