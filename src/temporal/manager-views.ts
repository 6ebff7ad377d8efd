import { isCaseNumber } from '../domain/identifiers';

const open = `WorkflowType = 'reportCase' AND ExecutionStatus = 'Running'`;

/** The questions managers ask of the SLA board; each is a stored state, because a list filter has no "now". */
const views = [
  { name: 'Açık kayıtlar', query: open },
  { name: 'Süresi aşılanlar', query: `${open} AND SlaState = 'breached'` },
  { name: 'Süresi azalanlar', query: `${open} AND SlaState = 'atRisk'` },
  { name: 'Yönlendirme bekleyenler', query: `${open} AND CaseStage = 'triage'` },
  { name: 'Üst makama bildirilenler', query: `${open} AND EscalationLevel >= 2` },
  { name: 'Yeniden açılanlar', query: `${open} AND ReopenCount > 0` },
  { name: 'Vatandaş onayı bekleyenler', query: `${open} AND CaseStage = 'resolved'` },
  { name: 'Kapananlar', query: `WorkflowType = 'reportCase' AND ExecutionStatus = 'Completed'` },
] as const;

/** Links into the Temporal Web UI at `uiBase`, since the UI keeps saved views in each browser only. */
export function managerViews(uiBase: string, namespace: string): { name: string; url: string }[] {
  const list = `${uiBase}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return views.map(({ name, query }) => ({ name, url: `${list}?query=${encodeURIComponent(query)}` }));
}

/** The page of one case in the Temporal Web UI. */
export function caseUrl(uiBase: string, namespace: string, caseNumber: string): string {
  if (!isCaseNumber(caseNumber)) throw new RangeError('not a case number');
  return `${uiBase}/namespaces/${encodeURIComponent(namespace)}/workflows/${caseNumber}`;
}
