import { useInfiniteQuery } from '@tanstack/react-query';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { ApprovalCard } from './approval-card';
import { approvalsQuery } from './approvals.queries';

/** Everything that waits for a person to decide, in all projects. */
export function ApprovalsView() {
  const query = useInfiniteQuery(approvalsQuery);
  return (
    <Page title="Approvals">
      <Loaded query={query}>
        {({ pages }) => {
          const approvals = pages.flatMap((page) => page.approvals);
          return approvals.length === 0 ? (
            <Notice kind="neutral">Nothing waits for a decision. A new approval appears here by itself.</Notice>
          ) : (
            <ul className="stack">
              {approvals.map((approval) => (
                <li key={approval.eventId}>
                  <ApprovalCard approval={approval} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <NextPage query={query} label="More approvals" />
    </Page>
  );
}
