import type { ReportedChange } from './compare.ts';

/**
 * Whether a change breaks a receiver or its readers.
 *
 * In a request (a callback, or a question to the read API) breaking is what refuses, or answers otherwise, what is sent
 * today. In a reply it is what a reader of today does not expect. Redocly's rules know the two directions; the cases
 * below are those where they judge otherwise than this contract needs.
 */
export function judge(change: ReportedChange): { breaking: boolean; why: string | null } {
  const { path, typeName, kind, property, base, revision, impact, verdicts } = change;
  const [from, to] = [base?.value, revision?.value];
  const rules = [...new Set(verdicts.map(({ ruleId }) => ruleId))].join(', ');
  const inReply = /^#\/paths\/[^/]+\/[^/]+\/responses\//.test(path);
  const inRequest = /^#\/paths\/[^/]+\/([^/]+\/)?(parameters|requestBody)(\/|$)/.test(path);

  if (inReply && property === 'additionalProperties' && from === false) {
    return { breaking: false, why: 'readers pass over fields that they do not know' };
  }
  if (inRequest && property === 'default' && from !== undefined) {
    return { breaking: true, why: 'whoever leaves it out gets another answer' };
  }
  if (inRequest && typeName === 'RequestBody' && kind === 'added' && (to as { required?: boolean }).required) {
    return { breaking: true, why: 'a request without a body is refused' };
  }
  if (inRequest && kind === 'added' && /\/patternProperties(\/[^/]+)?$/.test(path)) {
    return { breaking: true, why: 'fields that were taken as they came are now checked' };
  }
  if (inRequest && to === false && /\/properties(\/[^/]+)?$/.test(path)) {
    return { breaking: true, why: 'a field that was taken is now refused' };
  }
  if (impact === 'major') return { breaking: true, why: rules };
  if (inRequest && changesType(change)) {
    return { breaking: false, why: 'every callback of today is still taken, but its type changes: run tsc' };
  }
  return { breaking: false, why: null };
}

/** A loosened request is no break on the wire, but code that reads it may meet what it never met. */
function changesType({ path, kind, property, typeName }: ReportedChange): boolean {
  if (!path.includes('/requestBody/') || typeName !== 'Schema') return false;
  return kind === 'removed' || ['type', 'required', 'enum', 'const'].includes(property ?? '');
}
