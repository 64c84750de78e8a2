import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
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
      {query.hasNextPage && (
        <div>
          <Button onClick={() => void query.fetchNextPage()}>More approvals</Button>
        </div>
      )}
    </Page>
  );
}
