import type { ErrorReport } from '../../../src-main/contract/reports.ts';
import type { OverviewChoice } from './overview-choice.ts';

/** The list of these calls: same range, same filters. */
export function renderCallsPath(
  item: ErrorReport['items'][number],
  { from, to }: Pick<ErrorReport, 'from' | 'to'>,
  filter: OverviewChoice['filter'],
): string {
  const params = new URLSearchParams({ status: item.status });
  const fields = {
    errorCode: item.errorCode,
    httpStatus: item.httpStatus,
    provider: item.provider,
    model: filter.model,
    caller: filter.caller,
  };
  for (const [name, value] of Object.entries(fields)) if (value !== null && value !== undefined) params.set(name, String(value));
  for (const tag of filter.tag ?? []) params.append('tag', tag);
  params.set('from', String(from));
  params.set('to', String(to));
  return `/calls?${params}`;
}
