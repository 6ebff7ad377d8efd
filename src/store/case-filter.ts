/** The fields that a list is filtered by. */
const filterPaths = {
  ...{ stage: 'progress.stage', department: 'progress.plan.desk.slug', sla: 'progress.slaState' },
  ...{ institution: 'progress.institution.slug', priority: 'progress.priority', kind: 'progress.kind' },
  ...{ subject: 'progress.category.slug', neighbourhood: 'progress.neighbourhood.slug' },
  source: 'intake.entry.source',
} as const;

/** The slug or closed word of each field, and when the report was received, `to` excluded. */
export type CaseFilter = { [Name in keyof typeof filterPaths]?: string | undefined } & {
  from?: Date | undefined;
  to?: Date | undefined;
};

/** Returns the query of the cases that match all given criteria. */
export function caseQuery({ from, to, ...words }: CaseFilter): Record<string, unknown> {
  const given = Object.entries(filterPaths).flatMap(([name, path]) => {
    const word = words[name as keyof typeof filterPaths];
    return word === undefined ? [] : [[path, word] as const];
  });
  const span = { ...(from && { $gte: from }), ...(to && { $lt: to }) };
  return { ...Object.fromEntries(given), ...((from || to) && { 'intake.receivedAt': span }) };
}
